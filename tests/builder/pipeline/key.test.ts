import test from "ava";
import fc from "fast-check";
import { canonicalJson, entryName, stageKey } from "../../../builder/pipeline/key.ts";

test("canonical JSON is JSON, and the order of names makes no difference", (t) => {
  const names = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean()));
  fc.assert(
    fc.property(names, (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      t.is(canonicalJson(turned), canonicalJson(value));
      t.deepEqual(JSON.parse(canonicalJson({ inner: [value, null] })), { inner: [value, null] });
    }),
  );
});

const stage = { id: "base", inputs: { a: "1", b: "2" }, outputs: ["x"] };

test("a key is the same for the same stage, whatever the order of its inputs", (t) => {
  const key = stageKey(stage, {});
  t.regex(key, /^[0-9a-f]{64}$/);
  t.is(stageKey({ ...stage, inputs: { b: "2", a: "1" } }, {}), key);
});

test("everything that goes in changes the key", (t) => {
  const keys = [
    stageKey(stage, {}),
    stageKey({ ...stage, id: "disk" }, {}),
    stageKey({ ...stage, inputs: { a: "1", b: "3" } }, {}),
    stageKey({ ...stage, inputs: { a: "1", c: "2" } }, {}),
    stageKey({ ...stage, inputs: { a: "12" } }, {}),
    stageKey({ ...stage, outputs: ["y"] }, {}),
    stageKey(stage, { seed: "1" }),
    stageKey(stage, { seed: "2" }),
    stageKey(stage, { need: "1" }),
  ];
  t.is(new Set(keys).size, keys.length);
});

test("an entry's folder names its stage and the start of its key", (t) => {
  t.is(entryName("base", "0123456789abcdef".repeat(4)), "base-0123456789abcdef");
});
