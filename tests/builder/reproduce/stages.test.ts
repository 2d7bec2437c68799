import test from "ava";
import { type StageVerdict, trail } from "../../../builder/reproduce/stages.ts";

const NEEDS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  console: [],
  "build-disk": ["base"],
  provision: ["build-disk", "console"],
  seal: ["provision"],
  disk: ["seal"],
  vmdk: ["disk"],
  ova: ["vmdk"],
};

function verdicts(differing: readonly string[]): StageVerdict[] {
  return Object.entries(NEEDS).map(([id, needs]) => ({
    id,
    needs,
    differs: differing.includes(id) ? ["file"] : [],
  }));
}

const CASES: { differing: string[]; way: string[] }[] = [
  { differing: ["provision", "ova"], way: ["ova"] },
  { differing: ["provision", "vmdk", "ova"], way: ["ova", "vmdk"] },
  { differing: ["provision", "disk", "vmdk", "ova"], way: ["ova", "vmdk", "disk"] },
  {
    differing: ["provision", "seal", "disk", "vmdk", "ova"],
    way: ["ova", "vmdk", "disk", "seal", "provision"],
  },
  {
    differing: ["console", "provision", "seal", "disk", "vmdk", "ova"],
    way: ["ova", "vmdk", "disk", "seal", "provision", "console"],
  },
  {
    differing: ["base", "build-disk", "provision", "seal", "disk", "vmdk", "ova"],
    way: ["ova", "vmdk", "disk", "seal", "provision", "build-disk", "base"],
  },
];

for (const { differing, way } of CASES) {
  test(`where ${differing.join(", ")} differ, it comes from ${way.at(-1)}`, (t) => {
    t.deepEqual(trail("ova", verdicts(differing)), way);
  });
}
