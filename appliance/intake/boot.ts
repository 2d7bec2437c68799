import { apply } from "../apply/apply.ts";
import { originText } from "../apply/origin.ts";
import { catalogueInUse } from "../endpoints/installed.ts";
import { messageOf, PosternError } from "../error.ts";
import { catalogueToTake } from "../export/catalogue.ts";
import type { Problem } from "../settings/problem.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import { writeFoundExports } from "./foundexports.ts";
import { type Intake, takeIn } from "./intake.ts";
import { printable } from "./printable.ts";
import { dropReport, writeReport } from "./report.ts";

/** Disks may still be on their way; systemd has waited for the file systems that it needs, not for all. */
const SETTLE = 10;
/** A page of the console. */
const MOST_LINES = 10;

/** How the first boot went. */
export type BootIntake = "configured" | "nothing" | "applied" | "asked";

/**
 * Puts settings in force that came without a keyboard, on a machine that has none yet. When they are wrong, or
 * do not fit this machine, the console is told, which asks for the rest. A machine with settings in force
 * takes nothing.
 */
export async function takeInAtBoot(system: System, tell: (line: string) => void): Promise<BootIntake> {
  if (await isConfigured(system)) return "configured";
  await system
    .run("udevadm", ["settle", `--timeout=${SETTLE}`], { timeout: 2 * SETTLE * 1000 })
    .catch(() => {});
  const intake = await takeIn(system);
  for (const note of intake.notes) tell(printable(note));
  await writeFoundExports(system, intake.exports ?? []);
  if (intake.kind === "locked") {
    await dropReport(system);
    return "asked";
  }
  if (intake.kind === "none") {
    await dropReport(system);
    tell("No settings came with this machine.");
    return "nothing";
  }
  const from = originText(intake.origin);
  if (intake.kind === "partial") {
    for (const line of problemLines(intake.problems)) tell(printable(line));
    await report(system, intake, problemLines(intake.problems));
    tell(`The settings from ${from} are not complete; the console asks for the rest.`);
    return "asked";
  }
  return putInForce(system, intake, from, tell);
}

async function putInForce(
  system: System,
  intake: Extract<Intake, { kind: "settings" }>,
  from: string,
  tell: (line: string) => void,
): Promise<BootIntake> {
  // Somebody at the console may have been quicker.
  if (await isConfigured(system)) return "configured";
  try {
    const { settings, text, origin } = intake;
    const request = { settings, text, origin, ...(await catalogueOf(system, intake, tell)) };
    await apply(system, request, ({ title, state }) => tell(`${state}: ${title}`));
    await dropReport(system);
    tell(`The settings from ${from} are in force.`);
    return "applied";
  } catch (error) {
    tell(printable(messageOf(error)));
    // An operator is applying settings: those count.
    if (error instanceof PosternError && error.code === "host.busy") return "configured";
    await report(system, { ...intake, problems: [] }, messageOf(error).split("\n"));
    return "asked";
  }
}

/** The catalogue that came with an export, where it is to be taken. */
async function catalogueOf(
  system: System,
  { brought }: Extract<Intake, { kind: "settings" }>,
  tell: (line: string) => void,
) {
  if (brought === undefined) return {};
  const { catalogue, note } = catalogueToTake(brought, await catalogueInUse(system.paths));
  if (note !== undefined) tell(printable(note));
  return catalogue === undefined ? {} : { catalogue };
}

async function report(
  system: System,
  {
    origin,
    settings,
    problems,
  }: Pick<Extract<Intake, { kind: "partial" }>, "origin" | "settings" | "problems">,
  lines: readonly string[],
): Promise<void> {
  const notice = [`From ${originText(origin)}:`, ...lines.slice(0, MOST_LINES)].map(printable);
  await writeReport(system, { origin, settings, problems, notice });
}

/** `network.gateway: the address of another machine; got "10.20.0.300"` */
export function problemLines(problems: readonly Problem[]): string[] {
  return problems.map(({ path, expected, got }) => `${path}: ${expected}; got ${got}`);
}

async function isConfigured({ paths }: System): Promise<boolean> {
  return (await readIfThere(paths.confirmed)) !== undefined;
}
