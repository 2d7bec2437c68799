import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LabReport } from "./attackrun.ts";
import { runInLab } from "./enclose.ts";

/** Milliseconds; under emulation of nothing, two Squids and some 270 probes each take two minutes. */
const PATIENCE = 480_000;

/** Runs the attack in a lab of its own. @throws PosternError when the lab, not the proxy, fails. */
export async function attackedInLab(whose: "tree" | "host", pace: "quick" | "whole"): Promise<LabReport> {
  const file = join(tmpdir(), `postern-attack-${process.pid}.json`);
  try {
    await runInLab(join(import.meta.dirname, "attackrun.ts"), [file, whose, pace], { timeout: PATIENCE });
    return JSON.parse(await readFile(file, "utf8"));
  } finally {
    await rm(file, { force: true });
  }
}
