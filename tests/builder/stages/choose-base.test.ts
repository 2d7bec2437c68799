import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "ava";
import { chooseBase } from "../../../builder/stages/choose-base.ts";
import { RECIPE } from "../recipe/sample.ts";

const signal = new AbortController().signal;

test("auto is Ubuntu 24.04 where its archive answers", async (t) => {
  const server = createServer((_request, response) => response.writeHead(200).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;

  const { base, note } = await chooseBase({ ...RECIPE, mirror: `http://127.0.0.1:${port}/ubuntu` }, signal);

  t.is(base.id, "ubuntu-24.04");
  t.regex(note ?? "", /Ubuntu 24\.04.*--base/);
});

test("auto is Debian 13 where it does not, and says why in one line", async (t) => {
  const { base, note } = await chooseBase({ ...RECIPE, mirror: "http://127.0.0.1:1/ubuntu" }, signal);

  t.is(base.id, "debian-13");
  t.regex(note ?? "", /^base: Debian 13 \(trixie\), because the archive of Ubuntu 24\.04.*127\.0\.0\.1:1/);
  t.false(note?.includes("\n"));
});

test("a named base is never replaced, and nothing is said or asked", async (t) => {
  const chosen = await chooseBase({ ...RECIPE, base: "ubuntu-26.04", mirror: "http://127.0.0.1:1/" }, signal);

  t.is(chosen.base.id, "ubuntu-26.04");
  t.is(chosen.note, undefined);
});
