import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { PosternError } from "../../../../builder/error.ts";
import { type Base, loadBase } from "../../../../builder/recipe/base.ts";
import { pendingUpdates, sourceLines } from "../../../../builder/stages/pending/ask.ts";
import { testWith } from "../../../appliance/kit/tools.ts";
import { scratch } from "../../../kit/scratch.ts";
import { type Archive, type Pockets, serveArchive, statusText } from "../../kit/archive.ts";

const testArchive = testWith(["gpg", "gpgconf", "apt-get", "apt-cache"]);

const PLAIN: Pockets = {
  trixie: { squid: "6.13-1", nano: "8.4-1", dash: "0.5-1" },
  "trixie-updates": {},
  "trixie-security": {},
};
const INSTALLED = { squid: "6.13-1", nano: "8.4-1", "postern-netcat": "1" };

interface Asked {
  archive: Archive;
  ask(change?: {
    refresh?: boolean;
    installed?: Readonly<Record<string, string>>;
  }): ReturnType<typeof pendingUpdates>;
}

/** An archive, and a tree of Debian 13 to ask it about. */
async function world(t: ExecutionContext, pockets: Pockets, change: Partial<Base> = {}): Promise<Asked> {
  const archive = await serveArchive(t, pockets);
  const folder = await scratch(t);
  const debian = await loadBase("debian-13");
  const base = { ...debian, archive: { ...debian.archive, securitySuffix: "" }, ...change };
  return {
    archive,
    async ask({ refresh = false, installed = INSTALLED } = {}) {
      await writeFile(join(folder, "status"), statusText(installed));
      await writeFile(join(folder, "sources.list"), "");
      const { url: mirror, keyring } = archive;
      const signal = new AbortController().signal;
      return pendingUpdates(folder, { base, mirror, keyring, facts: join(folder, "facts"), refresh, signal });
    },
  };
}

testArchive("a tree that has all the archive has is told so, and the archive is asked once", async (t) => {
  const { ask, archive } = await world(t, PLAIN);
  t.deepEqual(await ask(), []);
  const { length } = archive.asked;
  t.true(archive.asked.includes("/dists/trixie-security/InRelease"), archive.asked.join());
  t.deepEqual(await ask(), []);
  t.is(archive.asked.length, length, "remembered");
  t.deepEqual(await ask({ refresh: true }), []);
  t.true(archive.asked.length > length, "--refresh asks");
});

testArchive(
  "a newer version in the security pocket is a pending security update, elsewhere a plain one",
  async (t) => {
    const { ask } = await world(t, {
      ...PLAIN,
      "trixie-updates": { nano: "8.4-1+deb13u1", dash: "0.5-2" },
      "trixie-security": { squid: "6.13-1+deb13u1" },
    });
    t.deepEqual(await ask(), [
      { name: "nano", installed: "8.4-1", available: "8.4-1+deb13u1", security: false },
      { name: "squid", installed: "6.13-1", available: "6.13-1+deb13u1", security: true },
    ]);
    t.deepEqual(await ask({ installed: { ...INSTALLED, squid: "6.13-1+deb13u1", nano: "9" } }), []);
  },
);

testArchive("what a base pins away is not pending", async (t) => {
  const pockets = { ...PLAIN, "trixie-security": { squid: "6.13-1+deb13u1" } };
  const { ask } = await world(t, pockets, { pins: [{ packages: ["squid"], priority: -1 }] });
  t.deepEqual(await ask(), []);
});

const SILENT: Readonly<Record<string, { pockets?: Pockets; before?: (archive: Archive) => Promise<void> }>> =
  {
    "is not there": { before: async (archive) => archive.close() },
    "has no security pocket": { pockets: { trixie: PLAIN.trixie ?? {}, "trixie-updates": {} } },
    "is signed by another key": {
      before: async ({ keyring }) => writeFile(keyring, ""),
    },
    "knows none of the packages": {
      pockets: { trixie: { dash: "0.5-1" }, "trixie-updates": {}, "trixie-security": {} },
    },
  };

for (const [name, { pockets = PLAIN, before }] of Object.entries(SILENT)) {
  testArchive(`an archive that ${name} is no archive without updates`, async (t) => {
    const { ask, archive } = await world(t, pockets);
    await before?.(archive);
    const error = await t.throwsAsync(ask(), { instanceOf: PosternError });
    t.is(error?.code, "network.pending");
    t.regex(error?.hint ?? "", /--allow-pending/);
  });
}

test("the tree's own lines are taken where the base names no mirror, each with the keyring", async (t) => {
  const base = await loadBase("debian-13");
  const own = [
    "deb http://archive.example/debian trixie main",
    "deb http://archive.example/debian-security trixie-security main",
  ];
  t.is(
    sourceLines(base, undefined, `# by mmdebstrap\n${own.join("\n")}\n`, "/k.gpg"),
    own.map((line) => `${line.replace("deb ", 'deb [arch=amd64 signed-by="/k.gpg"] ')}\n`).join(""),
  );
});

for (const [name, text] of Object.entries({
  nothing: "",
  "no security pocket": "deb http://archive.example/debian trixie main\n",
  "a file instead of an archive": "deb file:/x trixie main\ndeb http://a.example/x trixie-security main\n",
})) {
  test(`a tree whose list holds ${name} is not asked about`, async (t) => {
    const base = await loadBase("debian-13");
    const error = t.throws(() => sourceLines(base, undefined, text, "/k.gpg"), { instanceOf: PosternError });
    t.is(error?.code, "network.pending");
  });
}
