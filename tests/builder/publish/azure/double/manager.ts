import { randomUUID } from "node:crypto";
import { isFixedVhd } from "./footer.ts";
import { type Answer, type Asked, type Double, startDouble } from "./server.ts";
import type { Blob, Storage } from "./storage.ts";

/**
 * Azure's resource manager, as far as the public specification of Microsoft.Compute says how disks, images and
 * galleries are made (https://github.com/Azure/azure-rest-api-specs). It looks at what it is given: sizes, states,
 * sources, and at the end of an upload at the footer that really came.
 */
export interface Manager {
  double: Double;
  /** Tokens that are good now. */
  tokens: Set<string>;
  groups: Set<string>;
  things: Map<string, Thing>;
  /** The blob of each disk, by the disk's path. */
  blobs: Map<string, Blob>;
  /** Where the outcome of an operation is told: by Azure-AsyncOperation too, or by Location alone. */
  tells: "both" | "location";
  /** Addresses for upload in the place of the storage double's. */
  signs?: (disk: string) => Promise<string>;
  close(): Promise<void>;
}

export interface Thing {
  [name: string]: unknown;
  location?: string;
  tags?: Record<string, string>;
  properties: Record<string, unknown>;
}

export const SUBSCRIPTION = "01234567-89ab-cdef-0123-456789abcdef";
const HOST = "https://management.azure.com";
const BASE = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Compute\/(.+)$/;
const LEAST = 20_972_032;
const MOST = 35_183_298_347_520;
const LONGEST_ACCESS = 5_184_000;

type Outcome = { ok: true; body?: unknown } | { ok: false; status: number; code: string; message: string };

export async function startManager(storage: Storage): Promise<Manager> {
  const operations = new Map<string, { looks: number; finish(): Promise<Outcome>; outcome?: Outcome }>();
  const manager: Manager = {
    double: await startDouble((asked) => answer(asked)),
    tokens: new Set(["token-1"]),
    groups: new Set(["rg-proxy"]),
    things: new Map(),
    blobs: new Map(),
    tells: "both",
    close: () => manager.double.close(),
  };
  const { things, blobs } = manager;

  async function answer(asked: Asked): Promise<Answer> {
    const token = /^Bearer (.+)$/.exec(asked.headers.authorization ?? "")?.[1] ?? "";
    if (!manager.tokens.has(token))
      return fault(401, "ExpiredAuthenticationToken", "The access token expired.");
    if (!/^\d{4}-\d\d-\d\d$/.test(asked.query.get("api-version") ?? ""))
      return fault(400, "MissingApiVersionParameter", "The api-version query parameter is required.");
    const [, kind, id = ""] = /^\/operations\/(status|result)\/([^/]+)$/.exec(asked.path) ?? [];
    if (kind !== undefined) return outcomeOf(kind, id);
    const [, subscription, group, rest = ""] = BASE.exec(asked.path) ?? [];
    if (subscription !== SUBSCRIPTION)
      return fault(404, "SubscriptionNotFound", "The subscription was not found.");
    if (!manager.groups.has(group ?? ""))
      return fault(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
    const body: unknown = asked.body.length === 0 ? undefined : JSON.parse(asked.body.toString("utf8"));
    if (asked.method === "GET") {
      const thing = things.get(asked.path);
      return thing === undefined
        ? fault(404, "ResourceNotFound", `The resource '${rest}' was not found.`)
        : json(200, { id: asked.path, ...thing });
    }
    if (asked.method === "POST") return access(asked.path, body);
    if (asked.method !== "PUT") return fault(405, "MethodNotAllowed", "No.");
    if (rest.startsWith("disks/")) return putDisk(asked.path, body as Thing);
    if (rest.startsWith("images/")) return putImage(asked.path, body as Thing);
    return putInGallery(asked.path, rest, body as Thing);
  }

  async function putDisk(path: string, body: Thing): Promise<Answer> {
    const { creationData, hyperVGeneration, osType } = body.properties;
    const { createOption, uploadSizeBytes } = (creationData ?? {}) as Record<string, unknown>;
    if (
      body.location === undefined ||
      createOption !== "Upload" ||
      osType !== "Linux" ||
      hyperVGeneration !== "V2"
    )
      return fault(400, "InvalidParameter", "The disk is not one for an upload.");
    const size = Number(uploadSizeBytes);
    if (!(size >= LEAST && size <= MOST) || (size - 512) % 2 ** 20 !== 0)
      return fault(400, "InvalidParameter", "uploadSizeBytes is out of range.");
    if (things.has(path)) return fault(409, "PropertyChangeNotAllowed", "creationData cannot be changed.");
    const uniqueId = randomUUID();
    blobs.set(path, await storage.add(uniqueId, size));
    const thing = { ...body, properties: { ...body.properties, provisioningState: "Updating", uniqueId } };
    things.set(path, thing);
    return begin(
      async () => {
        change(path, { provisioningState: "Succeeded", diskState: "ReadyToUpload" });
        return { ok: true, body: things.get(path) };
      },
      json(202, thing),
    );
  }

  async function access(path: string, body: unknown): Promise<Answer> {
    const disk = path.slice(0, path.lastIndexOf("/"));
    const state = String(things.get(disk)?.properties.diskState);
    const blob = blobs.get(disk);
    if (blob === undefined) return fault(404, "ResourceNotFound", "The disk was not found.");
    if (!["ReadyToUpload", "ActiveUpload"].includes(state))
      return fault(409, "OperationNotAllowed", `The disk is in the state ${state}.`);
    if (path.endsWith("/beginGetAccess")) {
      const { access, durationInSeconds } = body as Record<string, unknown>;
      if (access !== "Write" || !(Number(durationInSeconds) <= LONGEST_ACCESS))
        return fault(400, "InvalidParameter", "The access is not one for an upload.");
      return begin(async () => {
        change(disk, { diskState: "ActiveUpload" });
        const accessSAS = manager.signs === undefined ? blob.sign() : await manager.signs(disk);
        return { ok: true, body: { accessSAS } };
      });
    }
    return begin(async () => {
      blob.revoke();
      const footer = await blob.read(blob.size - 512, 512);
      // What went to another storage than the double's was looked at there.
      if (manager.signs === undefined && !isFixedVhd(footer, blob.size)) {
        const message =
          "The specified cookie value in VHD footer indicates that disk is not supported. Expected cookie 'conectix'.";
        return { ok: false, status: 400, code: "InvalidVhd", message };
      }
      change(disk, { diskState: "Unattached" });
      return { ok: true };
    });
  }

  async function putImage(path: string, body: Thing): Promise<Answer> {
    const profile = body.properties.storageProfile as { osDisk?: Record<string, unknown> };
    const osDisk = profile?.osDisk ?? {};
    if (
      body.properties.hyperVGeneration !== "V2" ||
      osDisk.osState !== "Generalized" ||
      osDisk.osType !== "Linux"
    )
      return fault(400, "InvalidParameter", "The image is not a generalized Linux of generation 2.");
    const id = (osDisk.managedDisk as { id?: string } | undefined)?.id;
    if (id !== undefined && things.get(id)?.properties.diskState !== "Unattached")
      return fault(409, "InternalExecutionError", "An internal execution error occurred.");
    if (id === undefined && typeof osDisk.blobUri !== "string")
      return fault(400, "InvalidParameter", "The image has no source.");
    return put(path, body);
  }

  async function putInGallery(path: string, rest: string, body: Thing): Promise<Answer> {
    const parent = path.replace(/\/(images|versions)\/[^/]+$/, "");
    if (parent !== path && !things.has(parent))
      return fault(404, "ParentResourceNotFound", "The parent resource was not found.");
    if (!rest.includes("/versions/")) return put(path, body);
    const regions = (body.properties.publishingProfile as { targetRegions?: { name: string }[] })
      .targetRegions;
    if (regions?.some(({ name }) => name === body.location) !== true)
      return fault(400, "InvalidParameter", "The source's region must be among the target regions.");
    const profile = body.properties.storageProfile as Record<string, Record<string, unknown>>;
    const source = String(profile.source?.id ?? "");
    const blob = profile.osDiskImage?.source as { uri?: string; storageAccountId?: string } | undefined;
    const isImage = source.includes("/images/") && things.has(source);
    const isBlob = blob?.uri?.startsWith("https://") === true && blob.storageAccountId !== undefined;
    const features = things.get(parent)?.properties.features as { name: string; value: string }[];
    const isTrusted = features.some(
      ({ name, value }) => name === "SecurityType" && value === "TrustedLaunchSupported",
    );
    if (isTrusted && !isImage && !isBlob)
      return fault(
        400,
        "InvalidParameter",
        "TrustedLaunchSupported takes a VHD blob or a generation 2 image.",
      );
    return put(path, body);
  }

  function put(path: string, body: Thing): Answer | Promise<Answer> {
    things.set(path, { ...body, properties: { ...body.properties, provisioningState: "Creating" } });
    return begin(
      async () => {
        change(path, { provisioningState: "Succeeded" });
        return { ok: true, body: things.get(path) };
      },
      json(201, things.get(path)),
    );
  }

  /** An operation that is accepted, and is done at the second look. */
  function begin(finish: () => Promise<Outcome>, first: Answer = { status: 202 }): Answer {
    const id = randomUUID();
    operations.set(id, { looks: 0, finish });
    const place = (kind: string) => `${HOST}/operations/${kind}/${id}?api-version=2026-01-01`;
    const headers = {
      ...first.headers,
      ...(manager.tells === "both" ? { "azure-asyncoperation": place("status") } : {}),
      location: place("result"),
    };
    return { ...first, headers };
  }

  async function outcomeOf(kind: string, id: string): Promise<Answer> {
    const operation = operations.get(id);
    if (operation === undefined) return fault(404, "NotFound", "No such operation.");
    operation.looks += 1;
    if (operation.looks === 1)
      return kind === "status" ? json(200, { status: "InProgress" }) : { status: 202 };
    operation.outcome ??= await operation.finish();
    const { outcome } = operation;
    if (kind === "status") {
      if (outcome.ok) return json(200, { status: "Succeeded" });
      return json(200, { status: "Failed", error: { code: outcome.code, message: outcome.message } });
    }
    return outcome.ok ? json(200, outcome.body ?? {}) : fault(outcome.status, outcome.code, outcome.message);
  }

  function change(path: string, properties: Record<string, unknown>): void {
    const thing = things.get(path);
    if (thing !== undefined)
      things.set(path, { ...thing, properties: { ...thing.properties, ...properties } });
  }

  return manager;
}

export function fault(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): Answer {
  return json(status, { error: { code, message } }, headers);
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}
