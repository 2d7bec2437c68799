import test from "ava";
import type { BuildRecord } from "../../../builder/evidence/record.ts";
import type { BuildDescription } from "../../../builder/pipeline/describe.ts";
import { conditionsError, conditionsOf, packageChanges } from "../../../builder/reproduce/conditions.ts";
import { record } from "./kit.ts";

const first = record();

/** The same build again, with what a test changes. */
function again(change: {
  tools?: Readonly<Record<string, string>>;
  inputs?: Readonly<Record<string, string>>;
  resolved?: BuildDescription["resolved"];
  stages?: readonly string[];
}): BuildDescription {
  const ids = change.stages ?? first.stages.map(({ id }) => id);
  return {
    base: first.base,
    tools: { ...first.tools, ...change.tools },
    resolved: change.resolved ?? first.packages,
    artifacts: [],
    packages: { stage: "base", file: "packages.tsv" },
    updates: { stage: "base", ask: async () => [] },
    stages: ids.map((id) => {
      const inputs = first.stages.find((one) => one.id === id)?.inputs ?? {};
      const changed = id === "base" ? { ...inputs, ...change.inputs } : inputs;
      return { id, title: id, needs: [], inputs: changed, outputs: [], run: async () => {} };
    }),
  };
}

const CASES: {
  name: string;
  change: Parameters<typeof again>[0];
  told: [string, string][];
  code?: string;
}[] = [
  { name: "nothing", change: {}, told: [] },
  {
    name: "a tool, told once though two stages have it",
    change: { tools: { mmdebstrap: "1.4.0" }, inputs: { mmdebstrap: "1.4.0" } },
    told: [["tool", "mmdebstrap is 1.4.0, was 1.3.5"]],
    code: "host.other-tools",
  },
  {
    name: "a tool that was not there",
    change: { tools: { xorriso: "1.5.4" } },
    told: [["tool", "xorriso is 1.5.4, was absent"]],
    code: "host.other-tools",
  },
  {
    name: "code, whose digest says nothing",
    change: { inputs: { "base code": "b".repeat(64) } },
    told: [["source", "base: base code is not what it was"]],
    code: "input.other-build",
  },
  {
    name: "a setting, which is shown",
    change: { inputs: { mirror: "http://other.test/debian" } },
    told: [["source", "base: mirror is http://other.test/debian, was default"]],
    code: "input.other-build",
  },
  {
    name: "a stage more, and a stage less",
    change: { stages: ["base", "iso"] },
    told: [
      ["source", "seal: this Postern has no such stage"],
      ["source", "iso: the first build had no such stage"],
    ],
    code: "input.other-build",
  },
  {
    name: "a version, with what the archive gives now",
    change: {
      inputs: { "package versions": "c".repeat(64) },
      resolved: [
        { name: "squid", version: "6.14" },
        { name: "ufw", version: "0.36" },
      ],
    },
    told: [["package", "squid 6.13: the archive gives 6.14"]],
    code: "network.other-versions",
  },
  {
    name: "other packages of the same versions",
    change: {
      inputs: { "package versions": "c".repeat(64) },
      resolved: [...first.packages, { name: "nano", version: "8" }],
    },
    told: [["package", "the archive would give other packages, among them nano"]],
    code: "network.other-versions",
  },
  {
    name: "all at once, tools first",
    change: {
      tools: { mke2fs: "1.48" },
      inputs: { "base code": "b".repeat(64) },
      resolved: [{ name: "squid", version: "7" }],
    },
    told: [
      ["tool", "mke2fs is 1.48, was 1.47.0"],
      ["source", "base: base code is not what it was"],
      ["package", "squid 6.13: the archive gives 7"],
    ],
    code: "input.other-build",
  },
];

for (const { name, change, told, code } of CASES) {
  test(`told before a rebuild: ${name}`, (t) => {
    const conditions = conditionsOf(first, again(change));
    t.deepEqual(
      conditions.map(({ kind, text }) => [kind, text]),
      told,
    );
    const error = conditionsError(conditions);
    t.is<string | undefined, string | undefined>(error?.code, code);
    for (const [, text] of told) t.true(error?.message.includes(text));
  });
}

test("a package that another dependency chose, while the archive's answer is the same, is no condition", (t) => {
  t.deepEqual(conditionsOf(first, again({ resolved: [{ name: "squid", version: "6.13" }] })), []);
});

const PACKAGES: { name: string; is: BuildRecord["packages"]; told: string[] }[] = [
  { name: "the same", is: first.packages, told: [] },
  {
    name: "another file of the same version",
    is: [
      { name: "squid", version: "6.13", sha256: "9".repeat(64) },
      { name: "ufw", version: "0.36" },
    ],
    told: ["squid 6.13: another file of the same version"],
  },
  {
    name: "one less, one more, one newer",
    is: [
      { name: "nano", version: "8" },
      { name: "ufw", version: "0.37" },
    ],
    told: ["nano 8: not in the first build", "squid 6.13: not installed", "ufw 0.37: was 0.36"],
  },
];

for (const { name, is, told } of PACKAGES) {
  test(`what is installed afterwards: ${name}`, (t) => {
    t.deepEqual(packageChanges(first.packages, is), told);
  });
}
