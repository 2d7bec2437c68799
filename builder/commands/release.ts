import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PosternError } from "../error.ts";
import { type FinishOptions, finishFolder } from "../evidence/finish.ts";
import { type BuildRecord, buildStem, parseRecord, RECORD_ENDING } from "../evidence/record.ts";
import { pageName } from "../evidence/release/page.ts";
import { releaseWriter } from "../evidence/release/writer.ts";
import { signatureName } from "../evidence/signing/signature.ts";
import { SUMS_FILE } from "../evidence/sums.ts";
import { hasCode } from "../host/faults.ts";
import { removeParts } from "../host/write.ts";
import { chooseReporter } from "../pipeline/report/choose.ts";
import { progressFor } from "../pipeline/report/progress.ts";
import { didYouMean } from "../recipe/nearest.ts";
import type { Call, Command } from "./command.ts";
import { hasFlag, textFlag } from "./flags.ts";
import { JSON_FLAG, SIGN_KEY_FLAG, signKeyOfCall } from "./options.ts";

/** Writes page, sums and signatures of a build anew. */
export const releaseCommand: Command = {
  flags: [{ name: "--since", kind: "text" }, SIGN_KEY_FLAG, { name: "--build", kind: "text" }, JSON_FLAG],
  words: { most: 1, what: "folder of a build" },
  run: release,
};

const DEFAULT_FOLDER = "dist";

async function release(call: Call): Promise<number> {
  const { flags, words, world, signal } = call;
  const folder = resolve(world.cwd, words[0] ?? DEFAULT_FOLDER);
  const signKey = await signKeyOfCall(call);
  const build = await chosenBuild(folder, textFlag(flags, "--build"));
  const since = textFlag(flags, "--since");
  const earlier = since === undefined ? undefined : await readRecord(resolve(world.cwd, since));
  await removeParts(folder);
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const options: FinishOptions = {
    ...{ folder, build, signal, canAsk: world.canAsk },
    ...(signKey === undefined ? {} : { signKey }),
    writers: [releaseWriter(earlier)],
    progress: progressFor(reporter, null),
  };
  const { files, signed } = await finishFolder(options).finally(() => reporter.close());
  const page = pageName(buildStem(build));
  const signatures = signed.map(signatureName);
  if (hasFlag(flags, "--json")) {
    world.stdout.write(`${JSON.stringify({ folder, page, sums: SUMS_FILE, files, signatures }, null, 2)}\n`);
  } else {
    const written = [page, `${SUMS_FILE}: ${files.length} files of this build`, ...signatures];
    world.stdout.write(`${written.join("\n")}\nin ${folder}\n`);
  }
  return 0;
}

/** The one build of a folder, or the one that is named. @throws PosternError `input.release` */
async function chosenBuild(folder: string, named: string | undefined): Promise<BuildRecord> {
  const names = await readdir(folder).catch((cause: unknown) => {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw releaseError(
      `there is no folder ${folder}`,
      "./postern release FOLDER; it is dist/ where none is named.",
    );
  });
  const records = names.filter((name) => name.endsWith(RECORD_ENDING)).sort();
  const stems = records.map((name) => name.slice(0, -RECORD_ENDING.length));
  const hint = `Name one with --build: ${stems.join(", ")}.`;
  if (stems.length === 0) {
    throw releaseError(
      `${folder} holds no record of a build`,
      "./postern build leaves one beside the images.",
    );
  }
  const wanted = named?.replace(/\.build\.json$/, "") ?? (stems.length === 1 ? stems[0] : undefined);
  if (wanted === undefined) throw releaseError(`${folder} holds ${stems.length} builds`, hint);
  if (!stems.includes(wanted)) {
    throw releaseError(
      `${folder} holds no build ${JSON.stringify(wanted)}${didYouMean(wanted, stems)}`,
      hint,
    );
  }
  const record = await readRecord(join(folder, `${wanted}${RECORD_ENDING}`));
  if (buildStem(record) === wanted) return record;
  throw releaseError(
    `${wanted}${RECORD_ENDING} is the record of ${buildStem(record)}`,
    "A record keeps the name that its build gave it.",
  );
}

async function readRecord(path: string): Promise<BuildRecord> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return parseRecord(await readFile(path, "utf8"), path);
  throw releaseError(
    `there is no record ${path}`,
    "Every build leaves one beside its images: NAME.build.json.",
  );
}

function releaseError(message: string, hint: string): PosternError {
  return new PosternError({ code: "input.release", message, hint });
}
