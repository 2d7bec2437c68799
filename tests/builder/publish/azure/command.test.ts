import { spawn } from "node:child_process";
import { mkdir, open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobSASPermissions, ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import test, { type ExecutionContext } from "ava";
import type { Format } from "../../../../builder/recipe/recipe.ts";
import { artifactIn } from "../../formats/artifacts.ts";
import { type Ended, endOf } from "../../kit/cli.ts";
import { until } from "../../kit/wait.ts";
import { startAzurite } from "./azurite.ts";
import type { Doubles } from "./double/connect.ts";
import { SUBSCRIPTION } from "./double/manager.ts";
import { isPagePut } from "./double/server.ts";
import { refused } from "./double/storage.ts";
import { azurePlace, DISK_PATH, type Place } from "./kit.ts";

const CLI = fileURLToPath(new URL("cli.ts", import.meta.url));
const NAMES = `azure:
  subscription: ${SUBSCRIPTION}
  resourceGroup: rg-proxy
  location: westeurope
  disk: proxy
`;
const GALLERY = `${NAMES}  gallery: { name: images, definition: postern, version: 1.0.0 }\n`;

/** One for all tests here: it takes seconds to start. */
const azurite = startAzurite();
test.after.always(async () => (await azurite).stop());

interface Desk extends Place {
  /** The image that is published. */
  image: string;
  start(
    args: readonly string[],
    doubles?: Partial<Doubles>,
  ): { pid: number; kill(signal: NodeJS.Signals): void; ended: Promise<Ended> };
  run(args: readonly string[], doubles?: Partial<Doubles>): Promise<Ended>;
}

/** A folder with an image and a publish.yaml, and the command line there. */
async function desk(t: ExecutionContext, format: Format = "vhdx", names = NAMES): Promise<Desk> {
  const place = await azurePlace(t);
  const dist = join(place.folder, "dist");
  await mkdir(dist);
  const made = await artifactIn(place.folder, place.raw, format, undefined, "postern-1.2.3-debian-13-amd64");
  const image = join(dist, made.slice(made.lastIndexOf("/") + 1));
  await rename(made, image);
  await writeFile(join(place.folder, "publish.yaml"), names);
  const start: Desk["start"] = (args, doubles = {}) => {
    const line = [CLI, "publish", "azure", "--config", "publish.yaml", ...args];
    const child = spawn(process.execPath, line, {
      cwd: place.folder,
      env: {
        ...process.env,
        NO_COLOR: "1",
        POSTERN_CACHE: join(place.folder, "cache"),
        POSTERN_DOUBLES: JSON.stringify({
          manager: place.manager.double.port,
          tokens: ["token-1"],
          ...doubles,
        }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), ended: endOf(child) };
  };
  return { ...place, image, start, run: (args, doubles) => start(args, doubles).ended };
}

/** Lets so many pages through and no answer after them, until it is let go. */
function stuckAfter(place: Place, pages: number) {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let taken = 0;
  place.storage.double.hold = async (asked) => {
    if (!isPagePut(asked)) return;
    taken += 1;
    if (taken > pages) await gate;
  };
  const reached = () => until("pages arrive", async () => (taken > pages ? true : undefined));
  return {
    reached,
    letGo: () => {
      place.storage.double.hold = async () => {};
      release();
    },
  };
}

for (const format of ["vhdx", "vhd", "raw"] as const) {
  test.serial(`from ${format}: the blob is the disk and a footer, byte for byte`, async (t) => {
    const here = await desk(t, format, GALLERY);
    const { code, stdout, stderr } = await here.run([]);
    t.is(code, 0, stderr);
    const content = await here.content();
    const expected = await here.expected();
    t.true(content.subarray(0, -512).equals(expected.subarray(0, -512)));
    if (format !== "vhd") t.true(content.equals(expected), "the same footer from VHDX and raw");
    else {
      const file = await open(here.image);
      const { buffer } = await file.read(Buffer.alloc(512), 0, 512, content.length - 512);
      await file.close();
      t.true(content.subarray(-512).equals(buffer), "a VHD's own footer");
    }
    t.regex(stdout, /^disk +\/subscriptions\/.*\/disks\/proxy$/m);
    t.regex(stdout, /^version +.*\/galleries\/images\/images\/postern\/versions\/1\.0\.0$/m);
    t.regex(stderr, /^a disk of 24\.0 MiB with .* in it, sent in \d+ requests, 6 at once$/m);
  });
}

test.serial(
  "kill -9 in the middle, twice: each next run sends what is missing, and the last one ends well",
  async (t) => {
    const here = await desk(t);
    for (const pages of [2, 1]) {
      const gate = stuckAfter(here, pages);
      const { kill, ended } = here.start(["--parallel", "1"]);
      await gate.reached();
      kill("SIGKILL");
      t.is((await ended).code, null);
      gate.letGo();
    }
    const before = here.storage.double.asked.filter(isPagePut).length;
    const { code, stdout, stderr } = await here.run(["--json"]);
    t.is(code, 0, stderr);
    const result = JSON.parse(stdout);
    t.true(result.already > 0);
    t.is(result.disk, DISK_PATH);
    const sent = here.storage.double.asked.slice(0).filter(isPagePut).length - before;
    const planned = Number(/sent in (\d+) requests/.exec(stderr)?.[1]);
    t.is(sent, planned - 3, "three pages were acknowledged before");
    t.regex(stderr, /is there, half done: goes on/);
    t.true((await here.content()).equals(await here.expected()));
  },
);

test.serial("Ctrl-C says how to go on and how to give up, and the same command goes on", async (t) => {
  const here = await desk(t);
  const gate = stuckAfter(here, 2);
  const { kill, ended } = here.start([]);
  await gate.reached();
  kill("SIGINT");
  const { code, stderr } = await ended;
  gate.letGo();
  t.is(code, 130, stderr);
  t.regex(
    stderr,
    /^interrupted: what was sent stays, and the same command goes on from there\. To give it up instead: az disk delete --resource-group rg-proxy --name proxy --yes$/m,
  );
  t.is((await here.run([])).code, 0);
  t.true((await here.content()).equals(await here.expected()));
});

test.serial("no signature and no token in anything that is said, whatever goes wrong", async (t) => {
  const here = await desk(t, "vhdx", GALLERY);
  const token = `eyJ0eXAiOiJKV1QifQ.${"p".repeat(30)}.${"s".repeat(30)}`;
  here.manager.tokens = new Set([token]);
  const seen: string[] = [];
  const troubles = here.storage.double.troubles;
  const quoting = ({ path, query, headers }: { path: string; query: URLSearchParams; headers: object }) => {
    const { body: _, ...answer } = refused(400, "InvalidInput");
    return {
      ...answer,
      body: `<Error><Code>InvalidInput</Code><Message>https://x${path}?${query} ${JSON.stringify(headers)}</Message></Error>`,
    };
  };
  for (const trouble of [
    (asked: Parameters<typeof quoting>[0]) => quoting(asked),
    () => refused(403, "AuthenticationFailed"),
    () => "cut before" as const,
  ]) {
    troubles.push(trouble);
    const { code, stdout, stderr } = await here.run(["--json"], { tokens: [token], delays: [1] });
    t.is(code, 4, stderr);
    t.regex(stderr, /^error network\.azure-/m);
    seen.push(stdout, stderr);
    troubles.length = 0;
  }
  here.manager.double.troubles.push(({ headers }) => ({
    status: 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: { code: "Odd", message: `you sent ${headers.authorization}` } }),
  }));
  const odd = await here.run([], { tokens: [token] });
  t.regex(odd.stderr, /you sent Bearer \(hidden\)/);
  here.manager.double.troubles.length = 0;
  seen.push(odd.stdout, odd.stderr);
  const last = await here.run([], { tokens: [token] });
  t.is(last.code, 0, last.stderr);
  seen.push(last.stdout, last.stderr);
  const signatures = here.storage.double.asked.map(({ query }) => query.get("sig") ?? "");
  t.true(signatures.length > 5);
  for (const secret of new Set([token, ...signatures, ...signatures.map(encodeURIComponent)]))
    t.false(seen.join("\n").includes(secret));
  t.false(/sig=(?!\(hidden\))/.test(seen.join("\n")));
});

test.serial("a dry run prints every call that a real run makes, and sends none", async (t) => {
  const here = await desk(t, "vhdx", GALLERY);
  const dry = await here.run(["--dry-run", "--parallel", "1"]);
  t.is(dry.code, 0, dry.stderr);
  t.is(here.manager.double.asked.length + here.storage.double.asked.length, 0);
  const real = await here.run(["--parallel", "1"]);
  t.is(real.code, 0, real.stderr);
  // Looks while an operation runs are as many as it takes.
  const asked = here.manager.double.asked.filter(({ path }) => !path.startsWith("/operations/"));
  const bodies = asked
    .filter(({ method }) => method !== "GET")
    .map(({ method, path, query, body }) => {
      const text =
        body.length === 0 ? "" : JSON.stringify(JSON.parse(body.toString()), null, 2).replace(/^/gm, "  ");
      return `${method} https://management.azure.com${path}?${query}\n${text}`;
    });
  for (const text of bodies) t.true(dry.stdout.includes(text), text);
  t.is(dry.stdout.match(/^(PUT|POST) https:\/\/management/gm)?.length, bodies.length);
  const pages = here.storage.double.asked.filter(isPagePut).map(({ headers }) => headers["x-ms-range"]);
  t.deepEqual(dry.stdout.match(/(?<=x-ms-range: ).*/g), pages);
  t.deepEqual(
    dry.stdout.match(/(?<=content-md5: ).*/g),
    here.storage.double.asked.filter(isPagePut).map(({ headers }) => headers["content-md5"]),
  );
  t.false(/sig=/.test(dry.stdout));
});

test.serial(
  "everything wrong with names, file and flags is told at once, and nothing is asked",
  async (t) => {
    const here = await desk(
      t,
      "vhdx",
      "azure: { location: West Europe, gallery: { name: a-b }, galery: 1 }\nazzure: {}\n",
    );
    const { code, stderr } = await here.run([
      "--subscription",
      "mine",
      "--auth",
      "clI",
      "--cloud=moon",
      "--sku",
    ]);
    t.is(code, 2);
    t.deepEqual(
      stderr
        .split("\n")
        .filter((line) => line.startsWith("  "))
        .sort(),
      [
        '  --auth: one of cli, managed-identity, device-code, env (did you mean cli?); got "clI"',
        '  --cloud: one of public, us-government, china; got "moon"',
        "  --sku: a value; got nothing",
        '  --subscription: an id such as 01234567-89ab-cdef-0123-456789abcdef; got "mine"',
        "  publish.yaml: azzure: sections: azure, vsphere, hyperv (did you mean azure?); got an unknown one",
        "  publish.yaml: azure.galery: no such field; got 1",
        '  publish.yaml: azure.gallery.name: the name of a gallery: at most 80 letters, digits, dots and underscores; got "a-b"',
        '  publish.yaml: azure.location: a region such as westeurope; got "West Europe"',
      ].sort(),
    );
    t.is(here.manager.double.asked.length, 0);
  },
);

test.serial("what is lacking is told, too", async (t) => {
  const here = await desk(t, "vhdx", "azure: { gallery: {}, blob: { account: store }, disk: x }\n");
  const { stderr } = await here.run([]);
  const paths = stderr
    .split("\n")
    .filter((line) => line.startsWith("  "))
    .map((line) => line.split(":")[1]?.trim());
  t.deepEqual(paths, [
    "azure.subscription",
    "azure.resourceGroup",
    "azure.location",
    "azure.blob.container",
    "azure.gallery.name",
    "azure.gallery.definition",
    "azure.disk",
  ]);
});

test.serial("an image that is not what its build made is not sent", async (t) => {
  const here = await desk(t);
  await writeFile(
    join(here.folder, "dist/SHA256SUMS"),
    `${"0".repeat(64)}  postern-1.2.3-debian-13-amd64.vhdx\n`,
  );
  const { code, stderr } = await here.run([]);
  t.is(code, 6);
  t.regex(stderr, /^error artifact\.publish: .*is not sent:\n {2}its SHA-256 is not the one in SHA256SUMS$/m);
  t.is(here.manager.double.asked.length, 0);
});

test.serial("no image, several, or one of another kind", async (t) => {
  const here = await desk(t);
  await writeFile(join(here.folder, "dist/postern-9-x.vhdx"), "");
  await writeFile(join(here.folder, "x.ova"), "");
  for (const [word, expected] of [
    ["dist", /holds more than one image: postern-1\.2\.3-debian-13-amd64\.vhdx, postern-9-x\.vhdx/],
    ["nothing", /there is no file or folder/],
    ["x.ova", /its name says another format/],
    ["cache", /there is no file or folder/],
  ] as const) {
    const { code, stderr } = await here.run([word]);
    t.is(code, 2);
    t.regex(stderr, /^error input\.publish-image: /m);
    t.regex(stderr, expected);
  }
});

const BLOB = `azure:
  blob: { account: store, container: vhds }
`;

test.serial(
  "a page blob in a storage account (Azurite): killed, gone on with, and the same bytes come back",
  async (t) => {
    const here = await desk(t, "vhdx", BLOB);
    const account = await azurite;
    const container = new ContainerClient(
      `${account.url}/vhds`,
      new StorageSharedKeyCredential(account.name, account.key),
    );
    const blob = container.getPageBlobClient("postern-1.2.3-debian-13-amd64.vhd");
    const pagesThere = async () => {
      const { pageRange = [] } = await blob.getPageRanges().catch(() => ({ pageRange: [] }));
      return pageRange.length;
    };
    const dry = await here.run(["--dry-run"], { account });
    t.is(dry.code, 0, dry.stderr);
    const url = "https://store.blob.core.windows.net/vhds/postern-1.2.3-debian-13-amd64.vhd";
    t.deepEqual(dry.stdout.match(/^(PUT|POST) (?!.*comp=page$).*/gm), [
      "PUT https://store.blob.core.windows.net/vhds?restype=container",
      `PUT ${url}`,
      `PUT ${url}?comp=metadata`,
    ]);
    t.regex(dry.stdout, /^ {2}x-ms-blob-type: PageBlob\n {2}x-ms-blob-content-length: 25166336$/m);
    t.false(await container.exists(), "and nothing was sent");
    const first = here.start(["--parallel", "1"], { account });
    await until("a page arrives", async () => ((await pagesThere()) > 0 ? true : undefined));
    first.kill("SIGKILL");
    await first.ended;
    const { code, stdout, stderr } = await here.run([], { account });
    // On a fast machine the first may have come to its end.
    if (code === 2) t.regex(stderr, /this image, whole already/);
    else t.is(code, 0, stderr);
    t.true((await blob.downloadToBuffer()).equals(await here.expected()), stdout);
    const { metadata } = await blob.getProperties();
    t.is(metadata?.posternstate, "whole");
    const again = await here.run([], { account });
    t.is(again.code, 2);
    t.regex(
      again.stderr,
      /az storage blob delete --auth-mode login --account-name store --container-name vhds --name postern-1\.2\.3-debian-13-amd64\.vhd/,
    );
  },
);

test.serial(
  "a managed disk whose address leads to Azurite: by signature alone, never Put Blob",
  async (t) => {
    const here = await desk(t);
    const account = await azurite;
    const container = new ContainerClient(
      `${account.url}/disks`,
      new StorageSharedKeyCredential(account.name, account.key),
    );
    await container.create();
    const blob = container.getPageBlobClient("abcd");
    await blob.create(here.vhd.size);
    const { createdOn } = await blob.getProperties();
    here.manager.signs = () =>
      blob.generateSasUrl({
        permissions: BlobSASPermissions.parse("rw"),
        expiresOn: new Date(Date.now() + 600_000),
      });
    const { code, stderr } = await here.run([]);
    t.is(code, 0, stderr);
    t.true((await blob.downloadToBuffer()).equals(await here.expected()));
    t.deepEqual((await blob.getProperties()).createdOn, createdOn);
  },
);

test.serial("image and version straight from a blob", async (t) => {
  const names = `azure:
  subscription: ${SUBSCRIPTION}
  resourceGroup: rg-proxy
  location: westeurope
  image: proxy
  blob: { account: store, container: images, name: a.vhd, resourceGroup: rg-store }
  gallery: { name: images, definition: postern }
`;
  const here = await desk(t, "vhdx", names);
  const account = await azurite;
  const { code, stdout, stderr } = await here.run(["--json"], { account });
  t.is(code, 0, stderr);
  const made = JSON.parse(stdout);
  t.is(made.blob, "https://store.blob.core.windows.net/images/a.vhd");
  t.true(made.version.endsWith("/versions/1.2.3"), "the version of the image's name");
  t.deepEqual(here.manager.things.get(made.version)?.properties.storageProfile, {
    osDiskImage: {
      source: {
        uri: made.blob,
        storageAccountId: `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-store/providers/Microsoft.Storage/storageAccounts/store`,
      },
    },
  });
});
