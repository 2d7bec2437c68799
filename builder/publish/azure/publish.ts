import { problemsError } from "../../../appliance/settings/problem.ts";
import type { Progress } from "../../pipeline/progress.ts";
import { createBlob, finishBlob, openBlob } from "./blob.ts";
import type { Session } from "./client.ts";
import { planText } from "./describe.ts";
import { createDisk, finishDisk, openDisk } from "./disk.ts";
import { explainAzure } from "./explain.ts";
import { type Fates, judge, type Whole } from "./fates.ts";
import { foundBlob, lookAround } from "./found.ts";
import { awaitVersion, createDefinition, createGallery, createImage, createVersion } from "./images.ts";
import { journalPath, openJournal } from "./journal.ts";
import { accountId, blobUrl, resourceId } from "./names.ts";
import { contentOf, type Page } from "./pages.ts";
import { retrier } from "./patience.ts";
import { renewing } from "./renew.ts";
import type { PageTarget } from "./target.ts";
import { type Uploaded, upload } from "./upload.ts";
import type { Vhd } from "./vhd.ts";

export interface PublishOptions extends Session {
  vhd: Vhd;
  /** Those of the disk, from `scanPages`. */
  pages: readonly Page[];
  /** The folder of the journals. */
  journals: string;
  progress: Progress;
  /** Told what will be done, once Azure was looked at. */
  onPlan(text: string): void;
  /** In the place of all that goes to a storage. */
  dry?: (whole: Whole) => DryStorage;
}

/** What a dry run does where something would be sent to a storage. */
export interface DryStorage {
  look(): void;
  create(): void;
  send(): void;
  finish(): void;
}

/** What there is now, by Azure's ids. */
export interface Published extends Uploaded {
  disk?: string;
  blob?: string;
  image?: string;
  version?: string;
}

/**
 * Brings a disk to Azure: looks at what is there, uploads what is not, and makes image and gallery version of it.
 *
 * @throws PosternError `input.azure-exists` when something is in the way, all of it at once and before anything is
 *   made; `network.azure-*` and `artifact.azure-vhd` for what Azure says
 */
export async function publishAzure(options: PublishOptions): Promise<Published> {
  const { settings, vhd, pages, progress } = options;
  const whole = { size: vhd.size, content: contentOf(vhd.size, pages, vhd.footer) };
  const dry = options.dry?.(whole);
  const found = await progress.step("look at what Azure has", () =>
    dry === undefined
      ? lookAround(options)
      : lookAround(options, async () => {
          dry.look();
          return undefined;
        }),
  );
  const { fates, problems, remedies } = judge(settings, found, whole);
  if (problems.length > 0)
    throw problemsError(
      "input.azure-exists",
      "what is in Azure already",
      problems,
      remedies.join("\n      "),
    );
  options.onPlan(planText(settings, fates, vhd, pages));
  const uploaded =
    fates.upload === "reuse"
      ? { sent: 0, already: vhd.size }
      : settings.blob === undefined
        ? await uploadDisk(options, fates, whole, dry, found.disk?.uniqueId)
        : await uploadBlob(options, fates, whole, dry);
  const { image, gallery, blob, disk } = settings;
  if (image !== undefined && fates.image === "new")
    await progress.step(`make the image ${image}`, () => createImage(options, image, imageSource(options)));
  if (gallery !== undefined) {
    if (fates.gallery === "new")
      await progress.step(`make the gallery ${gallery.name}`, () => createGallery(options, gallery));
    if (fates.definition === "new")
      await progress.step(`make the definition ${gallery.definition}`, () =>
        createDefinition(options, gallery),
      );
    await progress.step(`copy the version ${gallery.version} to its regions`, () =>
      fates.version === "resume"
        ? awaitVersion(options, gallery)
        : createVersion(options, gallery, versionSource(options)),
    );
  }
  return {
    ...uploaded,
    ...(blob === undefined
      ? { disk: resourceId(settings, `disks/${disk}`) }
      : { blob: blobUrl(settings, blob) }),
    ...(image === undefined ? {} : { image: resourceId(settings, `images/${image}`) }),
    ...(gallery === undefined
      ? {}
      : {
          version: resourceId(
            settings,
            `galleries/${gallery.name}/images/${gallery.definition}/versions/${gallery.version}`,
          ),
        }),
  };
}

async function uploadDisk(
  options: PublishOptions,
  fates: Fates,
  whole: Whole,
  dry: DryStorage | undefined,
  known: string | undefined,
): Promise<Uploaded> {
  const { settings, progress } = options;
  const identity =
    fates.upload === "new"
      ? (await progress.step(`make the disk ${settings.disk}`, () => createDisk(options, whole))).uniqueId
      : known;
  const place = resourceId(settings, `disks/${settings.disk}`);
  const result = await send(options, dry, place, identity ?? "", () => openDisk(options));
  await progress.step("end the upload: Azure looks at the disk", () => finishDisk(options));
  await result.forget();
  return result.uploaded;
}

async function uploadBlob(
  options: PublishOptions,
  fates: Fates,
  whole: Whole,
  dry: DryStorage | undefined,
): Promise<Uploaded> {
  const { settings } = options;
  if (fates.upload === "new") {
    if (dry === undefined) await createBlob(options, whole);
    else dry.create();
  }
  const made = dry === undefined ? (await foundBlob(options))?.made : 0;
  const place = settings.blob === undefined ? "" : blobUrl(settings, settings.blob);
  const result = await send(options, dry, place, String(made), async () => openBlob(options));
  if (dry === undefined) await finishBlob(options, whole);
  else dry.finish();
  await result.forget();
  return result.uploaded;
}

async function send(
  options: PublishOptions,
  dry: DryStorage | undefined,
  place: string,
  identity: string,
  open: () => Promise<PageTarget>,
): Promise<{ uploaded: Uploaded; forget(): Promise<void> }> {
  const { vhd, pages, settings, signal, progress, services } = options;
  if (dry !== undefined) {
    await open();
    dry.send();
    return { uploaded: { sent: 0, already: 0 }, forget: async () => {} };
  }
  const journal = await openJournal(journalPath(options.journals, place), identity);
  try {
    const uploaded = await progress.step("send the disk", (inner) =>
      upload({
        ...{ vhd, pages, journal, signal, progress: inner, parallel: settings.parallel },
        target: renewing(open, () => inner.note("the address to upload to ran out: asking for a new one")),
        retrier: (own) =>
          retrier(services.patience, own, (why, ms) =>
            inner.note(`${why}: again in ${Math.ceil(ms / 1000)} s`),
          ),
      }),
    );
    return { uploaded, forget: () => journal.remove() };
  } catch (error) {
    signal.throwIfAborted();
    throw explainAzure(error, settings, "send the disk");
  } finally {
    await journal.close();
  }
}

function imageSource({ settings }: PublishOptions) {
  const { blob, disk } = settings;
  return blob === undefined
    ? { disk: resourceId(settings, `disks/${disk}`) }
    : { blob: blobUrl(settings, blob) };
}

function versionSource({ settings }: PublishOptions) {
  const { blob, image } = settings;
  return blob === undefined
    ? { image: resourceId(settings, `images/${image}`) }
    : { blob: blobUrl(settings, blob), account: accountId(settings, blob) };
}
