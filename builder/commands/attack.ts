import { resolve } from "node:path";
import { parseAddress } from "../../appliance/network/address.ts";
import { hostName } from "../../appliance/settings/fields.ts";
import { type Problem, problemsError } from "../../appliance/settings/problem.ts";
import { type Appliance, attackAppliance } from "../attack/remote.ts";
import { countsText, reportText } from "../attack/report.ts";
import { PosternError } from "../error.ts";
import { writeWhole } from "../host/write.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import type { Call, Command } from "./command.ts";
import { hasFlag, numberFlag, textFlag } from "./flags.ts";
import { JSON_FLAG } from "./options.ts";

/** Tries to get past a running appliance. */
export const attackCommand: Command = {
  flags: [
    { name: "--allowed", kind: "text" },
    { name: "--web", kind: "text" },
    { name: "--port", kind: "number", least: 1, most: 65_535 },
    { name: "--sni", kind: "switch" },
    JSON_FLAG,
    { name: "--report", kind: "text" },
  ],
  words: { most: 1, what: "host" },
  run: attack,
};

const DEFAULT_PORT = 3128;

async function attack(call: Call): Promise<number> {
  const { flags, world, signal } = call;
  const appliance = applianceOf(call);
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const report = await progressFor(reporter, null)
    .step(`attack ${appliance.host} port ${appliance.port}`, (progress) =>
      attackAppliance(appliance, signal, progress),
    )
    .finally(() => reporter.close());
  const document = `${JSON.stringify(report, null, 2)}\n`;
  const file = textFlag(flags, "--report");
  if (file !== undefined) await writeWhole(resolve(world.cwd, file), document);
  world.stdout.write(hasFlag(flags, "--json") ? document : reportText(report));
  if (report.counts.hole === 0) return 0;
  throw new PosternError({
    code: "guest.attack",
    message: `${appliance.host} port ${appliance.port}: ${countsText(report.counts)}`,
    hint: "Each hole is above, with what was sent and what must come. docs/attack.md says what to do about it.",
  });
}

/** @throws PosternError `input.flags` unless one host and one allowed name are said. */
function applianceOf({ words, flags }: Call): Appliance {
  const [host] = words;
  const [allowed, web] = [textFlag(flags, "--allowed"), textFlag(flags, "--web")];
  const problems: Problem[] = [
    ...machineProblems(host),
    ...nameProblems("--allowed", allowed),
    ...(web === undefined ? [] : nameProblems("--web", web)),
  ];
  if (problems.length > 0 || host === undefined || allowed === undefined)
    throw problemsError("input.flags", "postern attack", problems, "./postern attack --help");
  const port = numberFlag(flags, "--port") ?? DEFAULT_PORT;
  return { host, port, allowed, web, helloCheck: hasFlag(flags, "--sni") };
}

/** One machine that somebody names: no network, no range, no list. */
function machineProblems(host: string | undefined): Problem[] {
  // A last label without a letter is a slip, or a range.
  const isName = host !== undefined && hostName(host).ok && /[a-z][^.]*$/i.test(host);
  if (host !== undefined && (isName || parseAddress(host).ok)) return [];
  const expected = "the name or address of one appliance";
  return [{ path: "HOST", expected, got: host === undefined ? "nothing" : JSON.stringify(host) }];
}

function nameProblems(path: string, name: string | undefined): Problem[] {
  if (name !== undefined && hostName(name).ok) return [];
  const expected =
    "a name that this appliance lets through, such as edr-weu.eu.endpoint.security.microsoft.com";
  return [{ path, expected, got: name === undefined ? "nothing" : JSON.stringify(name) }];
}
