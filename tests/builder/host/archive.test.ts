import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test, { type ExecutionContext } from "ava";
import { PosternError } from "../../../builder/error.ts";
import { mirrorOf, probeArchive, requireArchive } from "../../../builder/host/archive.ts";
import { loadBase } from "../../../builder/recipe/base.ts";

const signal = new AbortController().signal;

/** A mirror on loopback that answers with a status, or never. */
async function mirror(
  t: ExecutionContext,
  status: number | "silence",
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (status !== "silence") response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/ubuntu`, asked };
}

test("a mirror that answers is asked for the suite's release file", async (t) => {
  const { url, asked } = await mirror(t, 200);

  t.is(await probeArchive(`${url}/`, "noble", signal), undefined);
  t.deepEqual(asked, ["HEAD /ubuntu/dists/noble/InRelease"]);
});

test("a mirror without the suite is told from one that is there", async (t) => {
  const { url } = await mirror(t, 404);

  t.regex((await probeArchive(url, "noble", signal)) ?? "", /answers 404/);
});

test("a silent mirror is given up", async (t) => {
  const { url } = await mirror(t, "silence");

  t.truthy(await probeArchive(url, "noble", signal, 200));
});

test("a named base whose archive is not there is an error of the network, never another base", async (t) => {
  const base = await loadBase("ubuntu-24.04");

  const error = await t.throwsAsync(requireArchive(base, "http://127.0.0.1:1/ubuntu", signal), {
    instanceOf: PosternError,
  });

  t.is(error?.code, "network.archive");
  t.is(error?.exitCode, 4);
  t.regex(error?.message ?? "", /Ubuntu 24\.04 LTS \(noble\).*127\.0\.0\.1:1/);
  t.regex(error?.hint ?? "", /--mirror/);
});

test("Debian's mirror is mmdebstrap's business", async (t) => {
  t.is(mirrorOf(await loadBase("debian-13"), undefined), undefined);
  await t.notThrowsAsync(requireArchive(await loadBase("debian-13"), undefined, signal));
});
