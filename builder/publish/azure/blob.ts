import type { Session } from "./client.ts";
import { explainAzure } from "./explain.ts";
import { CONTENT_KEY, STATE_KEY, STATE_WHOLE, type Whole } from "./fates.ts";
import { blobUrl } from "./names.ts";
import { retrier } from "./patience.ts";
import { type PageTarget, pageTarget } from "./target.ts";

/** Makes the container where it is not there, and in it a page blob of nothing but zeros. */
export async function createBlob(session: Session, { size, content }: Whole): Promise<void> {
  await atBlob(session, "create", async (client, abortSignal) => {
    const metadata = { [STATE_KEY]: "uploading", [CONTENT_KEY]: content };
    try {
      await client.createIfNotExists({ abortSignal });
    } catch {
      // Who may write blobs need not be allowed to make containers; that there is none is told by the next call.
      abortSignal.throwIfAborted();
    }
    await client.getPageBlobClient(nameOf(session)).create(size, { abortSignal, metadata });
  });
}

export function openBlob({ services, settings, signal }: Session): PageTarget {
  const { blob } = settings;
  if (blob === undefined) throw new Error("no blob was asked for");
  return pageTarget(services.container(blob).getPageBlobClient(blob.name), signal);
}

/** Marks it as whole, so that it is neither begun again nor taken for a half one. */
export async function finishBlob(session: Session, { content }: Whole): Promise<void> {
  await atBlob(session, "finish", async (client, abortSignal) => {
    const metadata = { [STATE_KEY]: STATE_WHOLE, [CONTENT_KEY]: content };
    await client.getPageBlobClient(nameOf(session)).setMetadata(metadata, { abortSignal });
  });
}

type Container = ReturnType<Session["services"]["container"]>;

async function atBlob(
  { services, settings, signal }: Session,
  doing: string,
  work: (client: Container, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { blob } = settings;
  if (blob === undefined) throw new Error("no blob was asked for");
  try {
    await retrier(services.patience, signal).run(() => work(services.container(blob), signal));
  } catch (error) {
    signal.throwIfAborted();
    throw explainAzure(error, settings, `${doing} the blob ${blobUrl(settings, blob)}`);
  }
}

function nameOf({ settings }: Session): string {
  return settings.blob?.name ?? "";
}
