import { resolve } from "node:path";
import { type Problem, problemsError } from "../../../appliance/settings/problem.ts";
import { chooseReporter } from "../../pipeline/report/choose.ts";
import { progressFor } from "../../pipeline/report/progress.ts";
import { checkedImage } from "../../publish/checked.ts";
import { hypervScript } from "../../publish/hyperv/script.ts";
import type { HypervWish } from "../../publish/hyperv/wish.ts";
import type { Call, Command } from "../command.ts";
import { hasFlag, numberFlag, type ParsedArguments, textFlag } from "../flags.ts";

/** Prints the PowerShell that brings the zip to a Hyper-V host; it runs on Windows, and this host is none. */
export const publishHypervCommand: Command = {
  flags: [
    { name: "--host", kind: "text" },
    { name: "--user", kind: "text" },
    { name: "--switch", kind: "text" },
    { name: "--name", kind: "text" },
    { name: "--path", kind: "text" },
    { name: "--cpus", kind: "number", least: 1, most: 64 },
    { name: "--memory", kind: "number", least: 1, most: 1024 },
    { name: "--generation", kind: "number", least: 1, most: 2 },
    { name: "--start", kind: "switch" },
    { name: "--what-if", kind: "switch" },
  ],
  words: { most: 1, what: "zip or folder" },
  run: publish,
};

const ENDING = "-hyperv.zip";

async function publish({ words, flags, world, signal }: Call): Promise<number> {
  const problems: Problem[] = [];
  const wish = wishOf(flags, problems);
  if (problems.length > 0)
    throw problemsError("input.flags", "postern publish hyperv", problems, "./postern publish hyperv --help");
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  try {
    const progress = progressFor(reporter, "publish");
    const { path, name, sha256, isCompared } = await checkedImage(
      resolve(world.cwd, words[0] ?? "dist"),
      ENDING,
      signal,
      progress,
    );
    if (!isCompared) progress.note(`no sum lies beside ${name} to compare it with`);
    world.stdout.write(await hypervScript({ ...wish, zip: { name, sha256 } }));
    world.stderr.write(`This is a script for Windows; put ${path} beside it there. docs/publish-hyperv.md\n`);
    return 0;
  } finally {
    reporter.close();
  }
}

/** What the flags say; what is left out is as in the script of the zip. */
function wishOf(flags: ParsedArguments["flags"], problems: Problem[]): Omit<HypervWish, "zip"> {
  const text = (flag: string, form: RegExp, expected: string): string | undefined => {
    const value = textFlag(flags, flag);
    if (value === undefined || form.test(value)) return value;
    problems.push({ path: flag, expected, got: JSON.stringify(value) });
    return undefined;
  };
  const host = text("--host", /^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$/, "the name or address of a host");
  const user = text("--user", PRINTABLE, "an account, such as EXAMPLE\\admin");
  const switchName = text("--switch", PRINTABLE, "the name of a virtual switch");
  // As the parameter of Import-Postern.ps1 has it.
  const name = text("--name", /^[A-Za-z0-9][A-Za-z0-9._ -]{0,62}$/, "letters, digits, blanks and . _ -");
  const path = text("--path", /^[A-Za-z]:\\[^\p{C}"<>|?*]{0,200}$/u, "a folder on the host, such as D:\\VMs");
  for (const flag of ["--host", "--switch"])
    if (!hasFlag(flags, flag)) problems.push({ path: flag, expected: "a value", got: "nothing" });
  return {
    host: host ?? "",
    ...(user === undefined ? {} : { user }),
    switchName: switchName ?? "",
    name: name ?? "postern",
    ...(path === undefined ? {} : { path }),
    cpus: numberFlag(flags, "--cpus") ?? 2,
    memoryGb: numberFlag(flags, "--memory") ?? 4,
    generation: numberFlag(flags, "--generation") === 1 ? 1 : 2,
    start: hasFlag(flags, "--start"),
    whatIf: hasFlag(flags, "--what-if"),
  };
}

const PRINTABLE = /^[^\p{C}]{1,256}$/u;
