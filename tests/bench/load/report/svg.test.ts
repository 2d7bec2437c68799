import test from "ava";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { type Bar, panels } from "../../../../bench/load/report/svg.ts";

const BAR: Bar = { label: "one", kind: "ours", median: 2, min: 1, max: 4 };

/** Attributes of all elements of a kind. */
function elements(svg: string, name: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    if (tag.name === name)
      found.push(
        Object.fromEntries(Object.entries(tag.attributes).map(([key, value]) => [key, String(value)])),
      );
  });
  parser.write(svg).close();
  return found;
}

test("a bar is as long as its median, on the scale of the panel's largest run", (t) => {
  const svg = panels([
    {
      title: "rates",
      note: "more is better",
      bars: [BAR, { ...BAR, kind: "theirs", median: 4, min: 4, max: 4 }],
    },
  ]);
  const [ours, theirs] = elements(svg, "rect").map(({ width }) => Number(width));
  t.is((theirs ?? 0) / (ours ?? 1), 2);
  t.deepEqual(
    elements(svg, "rect").map(({ class: kind }) => kind),
    ["ours", "theirs"],
  );
});

test("a panel without bars is left out, and the picture is the smaller", (t) => {
  const full = { title: "rates", note: "", bars: [BAR] };
  t.is(panels([full, { title: "none", note: "", bars: [] }]).match(/class="title"/g)?.length, 1);
});

test("whatever the words are, it is one picture in XML, and the same each time", (t) => {
  const bar = fc.record({
    label: fc.string(),
    kind: fc.constantFrom("ours" as const, "theirs" as const),
    median: fc.double({ min: 0, max: 1e9, noNaN: true }),
    min: fc.double({ min: 0, max: 1e9, noNaN: true }),
    max: fc.double({ min: 0, max: 1e9, noNaN: true }),
  });
  const panel = fc.record({ title: fc.string(), note: fc.string(), bars: fc.array(bar, { maxLength: 4 }) });
  fc.assert(
    fc.property(fc.array(panel, { maxLength: 4 }), (some) => {
      const svg = panels(some);
      t.is(elements(svg, "svg").length, 1);
      t.is(panels(some), svg);
    }),
    { numRuns: 50 },
  );
});
