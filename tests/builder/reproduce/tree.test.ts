import test from "ava";
import fc from "fast-check";
import { compareTrees, type Node, type Tree } from "../../../builder/reproduce/tree.ts";

const file: Node = {
  kind: "file",
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 1000,
  size: 5,
  target: "",
  sha256: "a".repeat(64),
  attributes: {},
};

const CHANGES: { name: string; change: Partial<Node>; what: string[] }[] = [
  { name: "one byte", change: { sha256: "b".repeat(64) }, what: ["content"] },
  { name: "a length", change: { sha256: "b".repeat(64), size: 6 }, what: ["content (6 bytes, was 5)"] },
  { name: "a mode", change: { mode: 0o4755 }, what: ["mode 4755, was 644"] },
  { name: "an owner", change: { uid: 7 }, what: ["owner 7:0, was 0:0"] },
  { name: "a group", change: { gid: 8 }, what: ["owner 0:8, was 0:0"] },
  { name: "a time", change: { mtime: 1001 }, what: ["time 1001, was 1000"] },
  { name: "a target", change: { target: "x" }, what: ['points to "x", was ""'] },
  { name: "a kind", change: { kind: "link" }, what: ["is a link, was a file"] },
  {
    name: "an attribute",
    change: { attributes: { "security.capability": "01" } },
    what: ["security.capability 01, was (none)"],
  },
  {
    name: "two things",
    change: { mode: 0o600, mtime: 2 },
    what: ["mode 600, was 644", "time 2, was 1000"],
  },
];

for (const { name, change, what } of CHANGES) {
  test(`${name} is seen, and nothing else`, (t) => {
    const before: Tree = new Map([
      ["etc/a", file],
      ["etc/b", file],
    ]);
    const after: Tree = new Map([
      ["etc/a", file],
      ["etc/b", { ...file, ...change }],
    ]);
    t.deepEqual(compareTrees(before, after), [{ path: "etc/b", what }]);
  });
}

test("a file on one side only is seen", (t) => {
  const one: Tree = new Map([["a", file]]);
  const two: Tree = new Map([["b", file]]);
  t.deepEqual(compareTrees(one, two), [
    { path: "a", what: ["is missing"] },
    { path: "b", what: ["is new"] },
  ]);
});

const nodes = fc.record<Node>({
  kind: fc.constantFrom("file", "directory", "link"),
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 9 }),
  gid: fc.integer({ min: 0, max: 9 }),
  mtime: fc.integer({ min: 0, max: 9 }),
  size: fc.integer({ min: 0, max: 9 }),
  target: fc.constantFrom("", "x"),
  sha256: fc.constantFrom("", "a"),
  attributes: fc.dictionary(fc.constantFrom("x", "y"), fc.constantFrom("1", "2")),
});
const trees = fc
  .dictionary(fc.stringMatching(/^[a-c]{1,2}$/), nodes)
  .map((one) => new Map(Object.entries(one)));

test("trees are the same exactly where nothing is listed, and the list is the same from both sides", (t) => {
  fc.assert(
    fc.property(trees, trees, (one, two) => {
      t.deepEqual(compareTrees(one, new Map([...one].reverse())), []);
      const paths = (a: Tree, b: Tree) => compareTrees(a, b).map(({ path }) => path);
      t.deepEqual(paths(one, two), paths(two, one));
      const differing = new Set(paths(one, two));
      for (const path of new Set([...one.keys(), ...two.keys()])) {
        // A size alone is no difference: it is that of the content.
        const plain = (node: Node | undefined) => node && { ...node, size: 0, attributes: sorted(node) };
        if (!differing.has(path) && one.get(path)?.kind === two.get(path)?.kind)
          t.deepEqual(plain(one.get(path)), plain(two.get(path)));
      }
    }),
  );
});

function sorted({ attributes }: Node): [string, string][] {
  return Object.entries(attributes).sort();
}
