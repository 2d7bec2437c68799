import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { PosternError } from "../../../../builder/error.ts";
import { CONTENT_TAG } from "../../../../builder/publish/azure/bodies.ts";
import { fault } from "./double/manager.ts";
import { type Asked, isPagePut, type Trouble, times } from "./double/server.ts";
import { refused } from "./double/storage.ts";
import { azurePlace, DISK_PATH, GALLERY, type Place, SETTINGS } from "./kit.ts";

const DISK = 24 * 1024 * 1024;

for (const tells of ["both", "location"] as const) {
  test(`a disk goes over whole, zeros are not sent, and it becomes one that can be used (${tells})`, async (t) => {
    const place = await azurePlace(t);
    place.manager.tells = tells;
    const plans: string[] = [];
    const { sent, already, disk } = await place.publish(SETTINGS, { onPlan: (text) => plans.push(text) });
    t.is(disk, DISK_PATH);
    t.true((await place.content()).equals(await place.expected()));
    t.true(sent < DISK / 4, `${sent} bytes of ${DISK}`);
    t.is(already, 0);
    t.is(place.manager.things.get(DISK_PATH)?.properties.diskState, "Unattached");
    const pages = place.storage.double.asked.filter(isPagePut);
    t.true(
      pages.every(({ headers }) => headers["content-md5"] !== undefined),
      "each page with its sum",
    );
    t.is(pages.at(-1)?.headers["x-ms-range"], `bytes=${DISK}-${DISK + 511}`, "the footer is the last");
    t.false(
      place.storage.double.asked.some(({ method, query }) => method === "PUT" && query.get("comp") === null),
    );
    t.deepEqual(await readdir(join(place.folder, "journals")), [], "no journal is left of what is whole");
    t.regex(plans.join(), /disk +proxy in rg-proxy, westeurope, StandardSSD_LRS, generation V2 +is made/);
  });
}

test("disk, image, gallery, definition and version, in the order that Azure takes them", async (t) => {
  const place = await azurePlace(t);
  const made = await place.publish(GALLERY);
  const { manager } = place;
  const names = [...manager.things.keys()].map((path) => path.split("/Microsoft.Compute/")[1]);
  t.deepEqual(names, [
    "disks/proxy",
    "images/proxy",
    "galleries/images",
    "galleries/images/images/postern",
    "galleries/images/images/postern/versions/1.0.0",
  ]);
  for (const { properties } of manager.things.values()) t.is(properties.provisioningState, "Succeeded");
  t.true(made.version?.endsWith("/galleries/images/images/postern/versions/1.0.0"));
  t.deepEqual(manager.things.get(made.version ?? "")?.properties.storageProfile, {
    source: { id: made.image },
  });
});

const AT_PAGES: [title: string, trouble: (count: number) => (asked: Asked) => Trouble | undefined][] = [
  ["408", (n) => times(n, isPagePut, refused(408, "RequestTimeout"))],
  [
    "429 with Retry-After",
    (n) => times(n, isPagePut, refused(429, "TooManyRequests", { "retry-after": "1" })),
  ],
  ["500", (n) => times(n, isPagePut, refused(500, "OperationTimedOut"))],
  ["503", (n) => times(n, isPagePut, refused(503, "ServerBusy", { "retry-after": "1" }))],
  ["a sum that is wrong on the way", (n) => times(n, isPagePut, refused(400, "Md5Mismatch"))],
  ["connections cut before", (n) => times(n, isPagePut, "cut before")],
  ["connections cut after it was written", (n) => times(n, isPagePut, "cut after")],
];
for (const [title, trouble] of AT_PAGES) {
  test(`a burst is waited out: ${title}`, async (t) => {
    const place = await azurePlace(t);
    place.storage.double.troubles.push(trouble(6));
    await place.publish();
    t.true((await place.content()).equals(await place.expected()));
  });
}

test("one page that is refused for ever ends it, with the service's words, and the next run sends the rest only", async (t) => {
  const place = await azurePlace(t);
  const isLast = (asked: Asked) =>
    isPagePut(asked) && String(asked.headers["x-ms-range"]).startsWith("bytes=13");
  const broken = (asked: Asked) => (isLast(asked) ? refused(500, "OperationTimedOut") : undefined);
  place.storage.double.troubles.push(broken);
  const error = await t.throwsAsync(place.publish(), { instanceOf: PosternError });
  t.is(error?.code, "network.azure-busy");
  t.regex(error?.message ?? "", /^send the disk: Azure did not manage it.*500 OperationTimedOut/);
  const journals = join(place.folder, "journals");
  const [journal = ""] = await readdir(journals);
  t.is((await stat(join(journals, journal))).mode & 0o777, 0o600);
  const text = await readFile(join(journals, journal), "utf8");
  t.false(/sig|http/.test(text), text);
  place.storage.double.troubles.length = 0;
  const before = place.storage.double.asked.filter(isPagePut).length;
  const { already, sent } = await place.publish();
  const after = place.storage.double.asked.filter(isPagePut).length - before;
  t.true(already > 0 && sent > 512);
  t.true(after < (place.manager.blobs.get(DISK_PATH)?.writes.length ?? 0), "not all again");
  t.true((await place.content()).equals(await place.expected()));
});

test("without the journal all is sent again, and what another image left there is cleared", async (t) => {
  const place = await azurePlace(t);
  place.storage.double.troubles.push((asked) => (isFooter(asked) ? refused(400, "InvalidInput") : undefined));
  await t.throwsAsync(place.publish(), { instanceOf: PosternError });
  place.storage.double.troubles.length = 0;
  const blob = place.manager.blobs.get(DISK_PATH);
  if (blob === undefined) return t.fail();
  // Somebody else wrote where this image is empty, and over what is right.
  const address = blob.sign();
  for (const offset of [20 * 1024 * 1024, 0]) await putRaw(address, offset, Buffer.alloc(4096, 7));
  await rm(join(place.folder, "journals"), { recursive: true });
  const { already } = await place.publish();
  t.is(already, 0);
  t.true((await place.content()).equals(await place.expected()));
});

test("an upload that lacks a page is no whole one: the footer goes last, and is taken away first", async (t) => {
  const place = await azurePlace(t);
  await t.throwsAsync(interruptedAtFooter(place));
  const blob = place.manager.blobs.get(DISK_PATH);
  if (blob === undefined) return t.fail();
  t.true((await blob.read(blob.size - 512, 512)).equals(Buffer.alloc(512)));
  await putRaw(blob.sign(), blob.size - 512, place.vhd.footer);
  await putRaw(blob.sign(), 20 * 1024 * 1024, Buffer.alloc(512, 9));
  place.storage.double.troubles.push((asked) =>
    isPagePut(asked) && asked.body.length > 512 ? refused(400, "InvalidInput") : undefined,
  );
  await rm(join(place.folder, "journals"), { recursive: true });
  await t.throwsAsync(place.publish());
  t.true((await blob.read(blob.size - 512, 512)).equals(Buffer.alloc(512)));
  place.storage.double.troubles.length = 0;
  await place.publish();
  t.true((await place.content()).equals(await place.expected()));
});

test("a signature that runs out is had anew, and the upload goes on", async (t) => {
  const place = await azurePlace(t);
  const revokeAt = [2, 4];
  place.storage.double.hold = async () => {
    const blob = place.manager.blobs.get(DISK_PATH);
    if (blob === undefined || blob.writes.length !== revokeAt[0]) return;
    revokeAt.shift();
    blob.revoke();
  };
  await place.publish({ ...SETTINGS, parallel: 1 });
  t.deepEqual(revokeAt, []);
  t.true((await place.content()).equals(await place.expected()));
  const opened = place.manager.double.asked.filter(({ path }) => path.endsWith("/beginGetAccess"));
  t.is(opened.length, 3);
});

test("a disk that takes nothing from here is told, and not asked for ever", async (t) => {
  const place = await azurePlace(t);
  place.storage.double.troubles.push(() => refused(403, "AuthorizationFailure"));
  const error = await t.throwsAsync(place.publish(), { instanceOf: PosternError });
  t.is(error?.code, "network.azure-access");
  t.is(place.manager.double.asked.filter(({ path }) => path.endsWith("/beginGetAccess")).length, 1);
});

test("a token that ran out in a long upload is had anew at its end", async (t) => {
  const place = await azurePlace(t);
  place.storage.double.hold = async (asked) => {
    if (isPagePut(asked)) place.manager.tokens = new Set(["token-2"]);
  };
  // The first steps have the first token; whoever asks later gets the second.
  await place.publish(SETTINGS, { tokens: ["token-1", "token-1", "token-1", "token-1", "token-2"] });
  t.is(place.manager.things.get(DISK_PATH)?.properties.diskState, "Unattached");
});

test("who is not signed in hears how to", async (t) => {
  const place = await azurePlace(t);
  const error = await t.throwsAsync(place.publish(SETTINGS, { tokens: ["wrong"] }), {
    instanceOf: PosternError,
  });
  t.is(error?.code, "network.azure-sign-in");
  t.regex(error?.hint ?? "", /^az login; az account set --subscription 01234567/);
  t.is(place.manager.things.size, 0);
});

test("what is no VHD at the end is refused by the footer that came, with what to delete", async (t) => {
  for (const tells of ["both", "location"] as const) {
    const place = await azurePlace(t);
    place.manager.tells = tells;
    place.vhd.footer.writeUInt8(place.vhd.footer.readUInt8(300) ^ 1, 300);
    const error = await t.throwsAsync(place.publish(), { instanceOf: PosternError });
    t.is(error?.code, "artifact.azure-vhd", error?.message);
    t.is(
      error?.hint,
      "Delete the disk, then publish again: az disk delete --resource-group rg-proxy --name proxy --yes",
    );
  }
});

test("a full quota, a policy and a missing role are told apart", async (t) => {
  const cases = [
    [
      409,
      "OperationNotAllowed",
      "Operation could not be completed as it results in exceeding approved Total Disks quota.",
      "network.azure-quota",
    ],
    [409, "QuotaExceeded", "Quota exceeded.", "network.azure-quota"],
    [403, "RequestDisallowedByPolicy", "Resource 'proxy' was disallowed by policy.", "network.azure-policy"],
    [
      403,
      "AuthorizationFailed",
      "The client does not have authorization to perform action.",
      "network.azure-permission",
    ],
    [409, "Conflict", "Another operation is in progress.", "network.azure-conflict"],
    [400, "InvalidParameter", "The value of parameter sku is invalid.", "network.azure-refused"],
  ] as const;
  for (const [status, code, message, expected] of cases) {
    const place = await azurePlace(t);
    place.manager.double.troubles.push(({ method }) =>
      method === "PUT" ? fault(status, code, message) : undefined,
    );
    const error = await t.throwsAsync(place.publish(), { instanceOf: PosternError });
    t.is(error?.code, expected);
    t.regex(error?.message ?? "", /^create the disk proxy: /);
    t.true(error?.message.includes(message));
  }
});

test("the resource manager's own bursts are waited out, and cut connections too", async (t) => {
  const place = await azurePlace(t);
  const { troubles } = place.manager.double;
  troubles.push(
    times(
      2,
      ({ method }) => method === "PUT",
      fault(429, "TooManyRequests", "Slow.", { "retry-after": "0" }),
    ),
  );
  troubles.push(
    times(2, ({ path }) => path.endsWith("/beginGetAccess"), fault(503, "ServiceUnavailable", "Later.")),
  );
  troubles.push(times(1, ({ path }) => path.startsWith("/operations/"), "cut before"));
  troubles.push(times(1, ({ path }) => path.endsWith("/endGetAccess"), "cut after"));
  await place.publish(GALLERY);
  t.is(place.manager.things.size, 5);
});

test("no resource group: nothing is made, and the hint makes one", async (t) => {
  const place = await azurePlace(t);
  const error = await t.throwsAsync(place.publish({ ...SETTINGS, resourceGroup: "nowhere" }), {
    instanceOf: PosternError,
  });
  t.is(error?.code, "input.azure");
  t.is(error?.hint, "az group create --name nowhere --location westeurope");
});

test("everything that is in the way is told at once, before anything is made", async (t) => {
  const place = await azurePlace(t);
  await place.publish(GALLERY);
  const before = place.manager.double.asked.length;
  const disk = place.manager.things.get(DISK_PATH);
  const definition = [...place.manager.things.entries()].find(([path]) => path.endsWith("/images/postern"));
  if (disk === undefined || definition === undefined) return t.fail();
  disk.tags = { [CONTENT_TAG]: "another" };
  definition[1].properties.osState = "Specialized";
  definition[1].properties.features = [];
  const error = await t.throwsAsync(place.publish(GALLERY), { instanceOf: PosternError });
  t.is(error?.code, "input.azure-exists");
  t.deepEqual(error?.message.split("\n").slice(1), [
    "  disk proxy: an upload of this image; got one of another image",
    "  image proxy: an image that is not there, or one made of this disk; got another one",
    "  version 1.0.0 of postern: a version that is not there; got one in the state Succeeded",
    "  definition postern: osState: Generalized; got Specialized",
    "  definition postern: SecurityType: TrustedLaunchSupported; got nothing",
  ]);
  t.regex(error?.hint ?? "", /az disk delete --resource-group rg-proxy --name proxy --yes/);
  t.true(place.manager.double.asked.slice(before).every(({ method }) => method === "GET"));
});

test("a whole disk is refused alone, and used where an image is still to be made of it", async (t) => {
  const place = await azurePlace(t);
  await place.publish();
  const alone = await t.throwsAsync(place.publish(), { instanceOf: PosternError });
  t.is(alone?.code, "input.azure-exists");
  t.regex(alone?.message ?? "", /got this image, whole already \(Unattached\)/);
  const before = place.storage.double.asked.length;
  const { sent, version } = await place.publish(GALLERY);
  t.is(sent, 0);
  t.is(place.storage.double.asked.length, before, "nothing goes to the storage again");
  t.is(place.manager.things.get(version ?? "")?.properties.provisioningState, "Succeeded");
});

test("a half-made disk of another size is not touched", async (t) => {
  const place = await azurePlace(t);
  await t.throwsAsync(interruptedAtFooter(place));
  const disk = place.manager.things.get(DISK_PATH);
  if (disk === undefined) return t.fail();
  disk.properties.creationData = { createOption: "Upload", uploadSizeBytes: 99 * 2 ** 20 + 512 };
  const error = await t.throwsAsync(place.publish(), { instanceOf: PosternError });
  t.is(error?.code, "input.azure-exists");
  t.regex(error?.message ?? "", /an upload of 25166336 bytes; got a half-made one of 103809536 bytes/);
  t.is(error?.hint, "az disk delete --resource-group rg-proxy --name proxy --yes");
});

test("a destination of another size than the disk says is not written to", async (t) => {
  const place = await azurePlace(t);
  const head = { "content-length": "512", "x-ms-blob-type": "PageBlob" };
  place.storage.double.troubles.push(({ method }) =>
    method === "HEAD" ? { status: 200, headers: head } : undefined,
  );
  const error = await t.throwsAsync(place.publish(), { instanceOf: PosternError });
  t.is(error?.code, "network.azure-size");
  t.is(place.storage.double.asked.filter(isPagePut).length, 0);
});

test("a version that an earlier run began is waited for", async (t) => {
  const place = await azurePlace(t);
  const { version = "" } = await place.publish(GALLERY);
  const thing = place.manager.things.get(version);
  if (thing === undefined) return t.fail();
  thing.properties.provisioningState = "Creating";
  let looks = 0;
  place.manager.double.hold = async ({ path }) => {
    if (path !== version) return;
    looks += 1;
    if (looks === 3) thing.properties.provisioningState = "Succeeded";
  };
  const again = await place.publish(GALLERY);
  t.is(again.version, version);
  t.true(looks >= 4);
});

test("a signal ends it with its reason, and leaves what can be gone on with", async (t) => {
  const place = await azurePlace(t);
  const stop = new AbortController();
  place.storage.double.hold = async (asked) => {
    if (isPagePut(asked)) stop.abort(new Error("enough"));
  };
  await t.throwsAsync(place.publish(SETTINGS, { signal: stop.signal }), { message: "enough" });
  t.is(place.manager.things.get(DISK_PATH)?.properties.diskState, "ActiveUpload");
  place.storage.double.hold = async () => {};
  await place.publish();
  t.true((await place.content()).equals(await place.expected()));
});

function isFooter(asked: Asked): boolean {
  return (
    isPagePut(asked) && asked.headers["x-ms-range"] === `bytes=${DISK}-${DISK + 511}` && asked.body.length > 0
  );
}

async function interruptedAtFooter(place: Place): Promise<void> {
  place.storage.double.troubles.push((asked) => (isFooter(asked) ? refused(400, "InvalidInput") : undefined));
  try {
    await place.publish();
  } finally {
    place.storage.double.troubles.length = 0;
  }
}

async function putRaw(address: string, offset: number, bytes: Buffer): Promise<void> {
  const headers = {
    "x-ms-version": "2026-04-06",
    "x-ms-page-write": "update",
    "x-ms-range": `bytes=${offset}-${offset + bytes.length - 1}`,
  };
  const { status } = await fetch(`${address}&comp=page`, {
    method: "PUT",
    headers,
    body: new Uint8Array(bytes),
  });
  if (status !== 201) throw new Error(`the double did not take it: ${status}`);
}
