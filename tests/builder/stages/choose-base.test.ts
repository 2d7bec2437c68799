import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "ava";
import type { Recipe } from "../../../builder/recipe/recipe.ts";
import { chooseBase } from "../../../builder/stages/choose-base.ts";

const signal = new AbortController().signal;

const recipe: Recipe = {
  base: "auto",
  formats: ["ova"],
  disk: { size: 16 },
  vm: { cpus: 2, memory: 4096 },
  hardware: [13, 17],
  ova: {},
  admin: { sshKeys: [] },
  catalogueKeys: [],
  packages: [],
  overlays: [],
  version: "1.0.0",
  epoch: 0,
  sign: {},
};

test("auto is Ubuntu 24.04 where its archive answers", async (t) => {
  const server = createServer((_request, response) => response.writeHead(200).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;

  const { base, note } = await chooseBase({ ...recipe, mirror: `http://127.0.0.1:${port}/ubuntu` }, signal);

  t.is(base.id, "ubuntu-24.04");
  t.regex(note ?? "", /Ubuntu 24\.04.*--base/);
});

test("auto is Debian 13 where it does not, and says why in one line", async (t) => {
  const { base, note } = await chooseBase({ ...recipe, mirror: "http://127.0.0.1:1/ubuntu" }, signal);

  t.is(base.id, "debian-13");
  t.regex(note ?? "", /^base: Debian 13 \(trixie\), because the archive of Ubuntu 24\.04.*127\.0\.0\.1:1/);
  t.false(note?.includes("\n"));
});

test("a named base is never replaced, and nothing is said or asked", async (t) => {
  const chosen = await chooseBase({ ...recipe, base: "ubuntu-26.04", mirror: "http://127.0.0.1:1/" }, signal);

  t.is(chosen.base.id, "ubuntu-26.04");
  t.is(chosen.note, undefined);
});
