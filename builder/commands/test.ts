import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PosternError } from "../error.ts";
import { removeTree } from "../host/remove.ts";
import { type BaseId, FORMATS } from "../recipe/recipe.ts";
import { bootRecorder } from "./bootrecorder.ts";
import { leaveBootResults, whyNoResults } from "./bootresults.ts";
import type { Call, Command } from "./command.ts";
import { failureCollector } from "./failures.ts";
import { hasFlag, textFlag } from "./flags.ts";
import { CACHE_FLAG, cacheOfCall, OUT_FLAG, outOfCall } from "./options.ts";
import { makeRunFolder } from "./runfolder.ts";
import { parseShard } from "./shard.ts";
import { addCounts, type Counts, countsText, NO_TESTS } from "./tap.ts";
import { moduleFile, oneTest, onNode, PROJECT, type TestCall, tapTests } from "./testruns.ts";

/** Runs every test there is, or a part of them. */
export const testCommand: Command = {
  flags: [
    { name: "--unit", kind: "switch" },
    { name: "--boot", kind: "switch" },
    { name: "--all", kind: "switch" },
    { name: "--shard", kind: "text" },
    { name: "--base", kind: "text" },
    { name: "--mirror", kind: "text" },
    { name: "--keyring", kind: "text" },
    OUT_FLAG,
    CACHE_FLAG,
  ],
  run: test,
};

/** Named, so that the same thing is tested whatever archives this host happens to reach. */
const TESTED_BASE: BaseId = "debian-13";

async function test(given: Call): Promise<number> {
  checkShard(textFlag(given.flags, "--shard"));
  const call: TestCall = { ...given, failures: failureCollector() };
  const { flags, world } = call;
  const [unit, boot] = [hasFlag(flags, "--unit"), hasFlag(flags, "--boot")];
  const all = !(unit || boot);
  let counts = all ? await allTests(call) : NO_TESTS;
  if (unit && !all) counts = addCounts(counts, await unitTests(call));
  if (boot && !all)
    counts = addCounts(counts, await bootTestsOn(call, outOfCall(call), cacheOfCall(call).root));
  world.stderr.write(call.failures.text());
  world.stdout.write(`${countsText(counts)}\n`);
  return counts.failed > 0 ? 1 : 0;
}

/** A build waits for its VM most of the time, so the unit tests run beside it. */
async function allTests(call: TestCall): Promise<Counts> {
  return withFolder(call, async ({ dist, cache }) => {
    const both = [unitTests(call), coldBuild(call, dist, cache)] as const;
    // An interrupted one must not be left running in a folder that goes.
    await Promise.allSettled(both);
    const [unit, built] = await Promise.all(both);
    const counts = addCounts(unit, built);
    if (built.failed > 0) return counts;
    return [counts, await importTests(call, dist), await bootTests(call, dist, cache)].reduce(addCounts);
  });
}

/** The OVAs through VMware's own library into a simulated vCenter, where there is a Go to make it: it takes minutes. */
async function importTests(call: TestCall, dist: string): Promise<Counts> {
  if (!hasFlag(call.flags, "--all")) return NO_TESTS;
  const shard = textFlag(call.flags, "--shard");
  // One part of a run in parts is enough.
  if (shard !== undefined && parseShard(shard)?.index !== 1) return NO_TESTS;
  const ava = [
    moduleFile("ava/entrypoints/cli.js"),
    "--tap",
    "--timeout=15m",
    "--concurrency=1",
    "tests/vsphere/*.test.ts",
  ];
  return tapTests(call, "imports", ava, { POSTERN_DIST: dist, POSTERN_VSPHERE_IMPORT: "1" });
}

async function unitTests(call: TestCall): Promise<Counts> {
  // The binary itself: its wrapper package asks for those of every other platform, too.
  const lint = await oneTest(call, "lint", [moduleFile("@biomejs/cli-linux-x64/biome"), "check", "."]);
  const types = await oneTest(call, "types", onNode(moduleFile("typescript/bin/tsc")));
  const unit = await tapTests(call, "unit tests", [moduleFile("ava/entrypoints/cli.js"), "--tap"]);
  return [lint, types, unit].reduce(addCounts);
}

/** A folder for the images of a whole run and its own cache; both go at the end. */
async function withFolder<T>(
  call: Call,
  use: (paths: { dist: string; cache: string }) => Promise<T>,
): Promise<T> {
  const folder = await makeRunFolder(join(cacheOfCall(call).root, "test"));
  try {
    return await use({ dist: join(folder, "dist"), cache: join(folder, "cache") });
  } finally {
    call.world.stderr.write("removing the images of the test\n");
    await removeTree(folder);
  }
}

/** Builds the images with nothing cached, and verifies them. */
async function coldBuild(call: TestCall, dist: string, cache: string): Promise<Counts> {
  const { flags } = call;
  // An empty recipe: what lies in the caller's folder must not change what is tested.
  const given = ["--mirror", "--keyring"].flatMap((name) => {
    const value = textFlag(flags, name);
    return value === undefined ? [] : [name, value];
  });
  const base = textFlag(flags, "--base") ?? TESTED_BASE;
  const cli = [join(PROJECT, "builder", "cli.ts")];
  const build = [
    "build",
    "--recipe=/dev/null",
    `--cache=${cache}`,
    `--out=${dist}`,
    `--base=${base}`,
    ...(hasFlag(flags, "--all") ? [`--formats=${FORMATS.join(",")}`] : []),
    ...given,
  ];
  const built = await oneTest(call, "build, nothing cached", onNode(...cli, ...build), true);
  if (built.failed > 0) return built;
  return addCounts(built, await oneTest(call, "verify", onNode(...cli, "verify", dist), true));
}

/** Where `--out` names the images, the results and pictures of the screens stay beside them. */
async function bootTestsOn(call: TestCall, out: string, cache: string): Promise<Counts> {
  const { flags, world } = call;
  if (!hasFlag(flags, "--out")) return bootTests(call, out, cache);
  const problem = await whyNoResults(out);
  if (problem !== undefined) {
    world.stderr.write(`no results of these tests will be left: ${problem}\n`);
    return bootTests(call, out, cache);
  }
  const recorder = bootRecorder();
  const screens = await mkdtemp(join(tmpdir(), "postern-screens-"));
  try {
    const counts = await bootTests(call, out, cache, { screens, onLine: recorder.take });
    const shard = textFlag(flags, "--shard");
    const left = await leaveBootResults({
      ...{ out, screens, tests: recorder.tests(), matrix: hasFlag(flags, "--all") ? "all" : "core" },
      ...(shard === undefined ? {} : { shard }),
    });
    world.stderr.write(`left in ${out}: ${left.join(", ")}\n./postern release puts them on the page\n`);
    return counts;
  } finally {
    await removeTree(screens);
  }
}

interface BootWatch {
  /** Folder for a picture of each machine. */
  screens: string;
  onLine(line: string): void;
}

function bootTests(call: TestCall, dist: string, cache: string, watch?: BootWatch): Promise<Counts> {
  const script = join(PROJECT, "tests", "boot", "run.ts");
  const shard = textFlag(call.flags, "--shard");
  const env = {
    POSTERN_DIST: dist,
    // The tree of these very images: their Squid is attacked in a lab.
    POSTERN_CACHE: cache,
    ...(hasFlag(call.flags, "--all") ? { POSTERN_MATRIX: "all" } : {}),
    ...(shard === undefined ? {} : { POSTERN_SHARD: shard }),
    ...(watch === undefined ? {} : { POSTERN_BOOT_SCREENS: watch.screens }),
  };
  return tapTests(call, "boot tests", [script, "--tap"], env, watch?.onLine);
}

function checkShard(text: string | undefined): void {
  if (text === undefined || parseShard(text) !== undefined) return;
  throw new PosternError({
    code: "input.command",
    message: `--shard: expected one like 2/4, got ${JSON.stringify(text)}`,
    hint: "./postern test --help",
  });
}
