import { redactUrl } from "../redact.ts";
import { computeClients, type HttpClient } from "./compute.ts";
import { CONTENT_KEY, STATE_KEY, STATE_WHOLE, type Whole } from "./fates.ts";
import { blobUrl } from "./names.ts";
import type { Page } from "./pages.ts";
import type { AzureServices } from "./services.ts";
import type { AzureSettings } from "./settings.ts";
import { footerPage } from "./upload.ts";
import type { Vhd } from "./vhd.ts";

/** One call as it would go over the line. */
export interface DryCall {
  method: string;
  /** Without what would be secret. */
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}

type Request = Parameters<HttpClient["sendRequest"]>[0];
type Response = Awaited<ReturnType<HttpClient["sendRequest"]>>;

/** Where a disk's pages would go; the real address is known only once the disk is open. */
const UPLOAD_PLACE = "https://md-upload.blob.storage.azure.net/disk/abcd?(hidden)";

/**
 * Azure's libraries with a line that leads nowhere: they make the very calls that they would send, and get the answers
 * of a subscription in which nothing is there yet. Nothing is sent, and nobody signs in.
 */
export async function dryServices(
  settings: AzureSettings,
  log: (call: DryCall) => void,
): Promise<AzureServices> {
  const credential = {
    getToken: async () => ({ token: "none", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
  };
  const { AnonymousCredential, ContainerClient, newPipeline, PageBlobClient } = await import(
    "@azure/storage-blob"
  );
  const nowhere = newPipeline(new AnonymousCredential(), {
    httpClient: {
      sendRequest() {
        throw new Error("a dry run sends nothing");
      },
    },
  });
  return {
    compute: await computeClients(settings, credential, { httpClient: deadEnd(log) }),
    blobAt: (address) => new PageBlobClient(address, nowhere),
    container: () => new ContainerClient(UPLOAD_PLACE, nowhere),
    patience: { delays: [], sleep: async () => {} },
    pollMs: 1,
  };
}

function deadEnd(log: (call: DryCall) => void): HttpClient {
  const made = new Map<string, Record<string, unknown>>();
  return {
    async sendRequest(request) {
      const { method, url } = request;
      const [path = ""] = url.split("?");
      const body: unknown = typeof request.body === "string" ? JSON.parse(request.body) : undefined;
      log({ method, url: redactUrl(url), ...(body === undefined ? {} : { body }) });
      if (method === "PUT") {
        const isDisk = path.includes("/disks/");
        made.set(path, { ...asObject(body), ...stateOf(isDisk ? "ReadyToUpload" : undefined, body) });
      }
      if (path.endsWith("/endGetAccess")) {
        const disk = path.slice(0, path.lastIndexOf("/"));
        made.set(disk, { ...made.get(disk), ...stateOf("Unattached", made.get(disk)) });
        return answer(request, 200, {});
      }
      if (path.endsWith("/beginGetAccess")) return answer(request, 200, { accessSAS: UPLOAD_PLACE });
      const found = made.get(path);
      if (found !== undefined) return answer(request, 200, found);
      return answer(request, 404, { error: { code: "ResourceNotFound", message: "nothing is there yet" } });
    },
  };
}

function stateOf(diskState: string | undefined, body: unknown): Record<string, unknown> {
  const properties = asObject(asObject(body).properties);
  const state = diskState === undefined ? {} : { diskState };
  return { properties: { ...properties, provisioningState: "Succeeded", ...state } };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function answer(request: Request, status: number, body: unknown): Response {
  const values = new Map([["content-type", "application/json"]]);
  const headers: Response["headers"] = {
    get: (name) => values.get(name.toLowerCase()),
    has: (name) => values.has(name.toLowerCase()),
    set: (name, value) => void values.set(name.toLowerCase(), String(value)),
    delete: (name) => void values.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(values),
    [Symbol.iterator]: () => values[Symbol.iterator](),
  };
  return { request, status, headers, bodyAsText: JSON.stringify(body) };
}

/** The calls that bring the pages over, in the order of the disk; four or more go at once. */
export function* pageCalls(settings: AzureSettings, vhd: Vhd, pages: readonly Page[]): Generator<DryCall> {
  const { blob } = settings;
  const place = blob === undefined ? UPLOAD_PLACE : blobUrl(settings, blob);
  const join = place.includes("?") ? place.replace("?", "?comp=page&") : `${place}?comp=page`;
  yield { method: "HEAD", url: place };
  yield { method: "GET", url: join.replace("comp=page", "comp=pagelist") };
  for (const { offset, length, md5 } of [...pages, footerPage(vhd)]) {
    yield {
      method: "PUT",
      url: join,
      headers: {
        "x-ms-page-write": "update",
        "x-ms-range": `bytes=${offset}-${offset + length - 1}`,
        "content-length": String(length),
        "content-md5": Buffer.from(md5, "hex").toString("base64"),
      },
    };
  }
}

/** The calls that make a page blob, and those that mark it as whole. */
export function blobCalls(
  settings: AzureSettings,
  { size, content }: Whole,
): { look: DryCall[]; create: DryCall[]; finish: DryCall[] } {
  const { blob } = settings;
  if (blob === undefined) return { look: [], create: [], finish: [] };
  const url = blobUrl(settings, blob);
  const container = url.slice(0, url.length - blob.name.length - 1);
  const metadata = (state: string) => ({
    [`x-ms-meta-${STATE_KEY}`]: state,
    [`x-ms-meta-${CONTENT_KEY}`]: content,
  });
  const type = {
    "x-ms-blob-type": "PageBlob",
    "x-ms-blob-content-length": String(size),
    "content-length": "0",
  };
  return {
    look: [{ method: "HEAD", url }],
    create: [
      { method: "PUT", url: `${container}?restype=container` },
      { method: "PUT", url, headers: { ...type, ...metadata("uploading") } },
    ],
    finish: [{ method: "PUT", url: `${url}?comp=metadata`, headers: metadata(STATE_WHOLE) }],
  };
}

/** A call as text: the line, its headers, its body. */
export function callText({ method, url, headers, body }: DryCall): string {
  const lines = Object.entries(headers ?? {}).map(([name, value]) => `  ${name}: ${value}\n`);
  const text = body === undefined ? "" : `${JSON.stringify(body, null, 2).replace(/^/gm, "  ")}\n`;
  return `${method} ${url}\n${lines.join("")}${text}`;
}
