import test from "ava";
import fc from "fast-check";
import { emptyHistogram, merged, note, percentile } from "../../../bench/load/histogram.ts";

function of(values: readonly number[]) {
  const histogram = emptyHistogram();
  for (const value of values) note(histogram, value);
  return histogram;
}

const values = fc.array(fc.double({ min: 0.011, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
const share = fc.double({ min: 0.001, max: 1, noNaN: true });

test("a percentile is the nearest rank's value to half a percent", (t) => {
  fc.assert(
    fc.property(values, share, (some, part) => {
      const sorted = some.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(some.length * part)) - 1] ?? 0;
      const got = percentile(of(some), part) ?? 0;
      return Math.abs(got - exact) <= exact * 0.0051;
    }),
  );
  t.pass();
});

test("histograms of several processes add to the one of all", (t) => {
  fc.assert(
    fc.property(values, values, (some, others) => {
      t.deepEqual(merged([of(some), of(others)]), of([...some, ...others]));
    }),
  );
});

test("of nothing there is no percentile", (t) => {
  t.is(percentile(emptyHistogram(), 0.5), undefined);
});
