import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { readExactly } from "../../../appliance/disk/bytes.ts";
import { FOOTER } from "../../formats/vhd/footer.ts";
import { bytesText, secondsText, tableText } from "../../host/text.ts";
import type { Progress } from "../../pipeline/progress.ts";
import { chooseReporter } from "../../pipeline/report/choose.ts";
import { progressFor, secondsSince } from "../../pipeline/report/progress.ts";
import { blobCalls, callText, dryServices, pageCalls } from "../../publish/azure/dry.ts";
import { deleteBlobCommand, deleteCommand } from "../../publish/azure/names.ts";
import { scanPages } from "../../publish/azure/pages.ts";
import { type Published, publishAzure } from "../../publish/azure/publish.ts";
import { FIELD_FLAGS, type FieldFlag, readAzureSettings } from "../../publish/azure/read.ts";
import { connectAzure } from "../../publish/azure/services.ts";
import type { AzureSettings } from "../../publish/azure/settings.ts";
import { type Vhd, vhdAround } from "../../publish/azure/vhd.ts";
import { findImage, type PublishImage, withImage } from "../../publish/image.ts";
import type { Format } from "../../recipe/recipe.ts";
import type { Call, Command } from "../command.ts";
import { type FlagSpec, hasFlag, textFlag } from "../flags.ts";
import { Interrupted } from "../interrupt.ts";
import { CACHE_FLAG, cacheOfCall, JSON_FLAG } from "../options.ts";

/** Brings an image to Azure. */
export const publishAzureCommand: Command = {
  flags: [
    { name: "--config", kind: "text" },
    ...(Object.keys(FIELD_FLAGS) as FieldFlag[]).map(flagOf),
    { name: "--dry-run", kind: "switch" },
    CACHE_FLAG,
    JSON_FLAG,
  ],
  words: { most: 1, what: "image or folder" },
  checksFlags: true,
  run: publish,
};

/** The smallest file comes first: all hold the same disk. */
const FORMATS: readonly Format[] = ["vhdx", "vhd", "raw"];
const DEFAULT_PATH = "dist";

/** A dry run does nothing that takes time, and must not look as if it did. */
const SILENT: Progress = { step: (_title, work) => work(SILENT), bar: () => {}, note: () => {} };

function flagOf(name: FieldFlag): FlagSpec {
  if (name === "--parallel") return { name, kind: "number", least: 1, most: 16 };
  return { name, kind: name === "--regions" ? "list" : "text" };
}

async function publish(call: Call): Promise<number> {
  const { world, words, flags, signal } = call;
  const start = performance.now();
  const image = await findImage(resolve(world.cwd, words[0] ?? DEFAULT_PATH), FORMATS).catch(
    (error: unknown) => ({ error }),
  );
  const settings = await readAzureSettings({
    flags: Object.fromEntries((Object.keys(FIELD_FLAGS) as FieldFlag[]).map((name) => [name, flags[name]])),
    config: textFlag(flags, "--config"),
    problems: call.problems,
    cwd: world.cwd,
    stem: "error" in image ? undefined : image.stem,
  });
  if ("error" in image) throw image.error;
  const isDry = hasFlag(flags, "--dry-run");
  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const progress = progressFor(reporter, "azure");
  const say = (text: string): void => reporter.emit({ event: "note", stage: null, text });
  const show = (text: string): void => {
    for (const line of text.trimEnd().split("\n")) say(line);
  };
  try {
    const published = await withImage(image, { signal, progress }, async (disk) => {
      const vhd = await vhdAround(disk, await footerOf(image));
      const pages = await progress.step("look for what must be sent", (inner) =>
        scanPages(disk, signal, (done) => inner.bar(done, disk.size, "bytes")),
      );
      const out = (text: string): unknown => world.stdout.write(text);
      const services = isDry
        ? await dryServices(settings, (one) => out(callText(one)))
        : await (world.connectAzure ?? connectAzure)(settings, say);
      return publishAzure({
        ...{ services, settings, signal, vhd, pages, progress: isDry ? SILENT : progress },
        journals: cacheOfCall(call).publish,
        onPlan: show,
        ...(isDry ? { dry: dryStorage(settings, vhd, pages, out) } : {}),
      });
    });
    if (!isDry) world.stdout.write(resultText(published, secondsSince(start), hasFlag(flags, "--json")));
    return 0;
  } catch (error) {
    if (signal.reason instanceof Interrupted && !isDry) signal.reason.remains = remainsOf(settings);
    throw error;
  } finally {
    reporter.close();
  }
}

/** What is said in the place of what a storage would be sent. */
function dryStorage(
  settings: AzureSettings,
  vhd: Vhd,
  pages: Awaited<ReturnType<typeof scanPages>>,
  out: (text: string) => unknown,
) {
  const tell = (calls: Iterable<Parameters<typeof callText>[0]>): void => {
    for (const call of calls) out(callText(call));
  };
  return (whole: Parameters<typeof blobCalls>[1]) => {
    const { look, create, finish } = blobCalls(settings, whole);
    return {
      look: () => tell(look),
      create: () => tell(create),
      send: () => tell(pageCalls(settings, vhd, pages)),
      finish: () => tell(finish),
    };
  };
}

/** A VHD brings its own. */
async function footerOf({ path, format }: PublishImage): Promise<Buffer | undefined> {
  if (format !== "vhd") return undefined;
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return await readExactly(file, size - FOOTER, FOOTER);
  } finally {
    await file.close();
  }
}

function resultText(published: Published, seconds: number, json: boolean): string {
  if (json) return `${JSON.stringify({ ...published, seconds }, null, 2)}\n`;
  const { sent, already, ...made } = published;
  const rows = Object.entries(made).map(([name, id]) => [name, String(id)]);
  const before = already === 0 ? "" : `, ${bytesText(already)} were there`;
  return `${tableText(rows)}sent ${bytesText(sent)}${before}, in ${secondsText(seconds)}\n`;
}

function remainsOf(settings: AzureSettings): string {
  const { blob, disk } = settings;
  const remove = blob === undefined ? deleteCommand(settings, "disk", disk) : deleteBlobCommand(blob);
  return `what was sent stays, and the same command goes on from there. To give it up instead: ${remove}`;
}
