/**
 * Runs the probes inside a lab against our rendered configuration and the public script's, and writes what came.
 *
 * argv: a file for the result; `tree` or `host`: whose Squid; `quick`: without the probes that only wait.
 */
import { writeFile } from "node:fs/promises";
import type { Row } from "../../../builder/attack/probe.ts";
import { SUITE } from "../../../builder/attack/suite.ts";
import { type AttackWish, attackInLab } from "./attack.ts";
import { labFolder } from "./enclose.ts";
import { type Lab, startLab } from "./lab.ts";
import { looksAt } from "./looks.ts";
import { LAB_SETTINGS, posternConfig } from "./postern.ts";
import { scriptConfig } from "./script.ts";
import type { LabConfig } from "./squid.ts";
import { labTree } from "./tree.ts";
import { startWorld, type World } from "./world.ts";

/** What a run found. */
export interface LabReport {
  /** Of the Squid that ran. */
  version: string;
  /** Whether it is that of an image, or the host's own. */
  isImage: boolean;
  /** Our configuration as the settings' defaults have it. */
  postern: Row[];
  /** The public script's. */
  script: Row[];
  /** Ours with the check of TLS hellos; undefined where this Squid cannot. */
  hello?: Row[];
}

/** Files that each Squid may open: more than the probes need, and given by every host. */
const NOFILE = 4096;

const [file = "", whose = "tree", pace = "whole"] = process.argv.slice(2);
const root = whose === "host" ? undefined : await labTree(labFolder() ?? "");
const lab = await startLab({ root });
const world = await startWorld();
const probes = pace === "quick" ? SUITE.filter(({ way }) => way !== "slow") : SUITE;
const withHello = `${LAB_SETTINGS}proxy:\n  sniCheck: true\n`;

const report: LabReport = {
  version: lab.version,
  isImage: root !== undefined,
  postern: await attackOn(lab, world, posternConfig({ nofile: NOFILE }), { excused: ["sni"] }),
  script: await attackOn(lab, world, scriptConfig({ nofile: NOFILE })),
  ...(lab.seesTls
    ? {
        hello: await attackOn(
          lab,
          world,
          posternConfig({ name: "hello", settings: withHello, nofile: NOFILE }),
          { helloCheck: true },
        ),
      }
    : {}),
};
await writeFile(file, JSON.stringify(report));
await world.close();
await lab.close();
process.exit(0);

async function attackOn(lab: Lab, world: World, config: LabConfig, wish: AttackWish = {}): Promise<Row[]> {
  const squid = await lab.squid(config);
  const rows = await attackInLab(lab, world, squid, probes, wish);
  const looks = await looksAt(squid);
  await squid.stop();
  return [...rows, ...looks];
}
