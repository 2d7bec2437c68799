import { createHash } from "node:crypto";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { builtInCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { catalogueToTake } from "../../../appliance/export/catalogue.ts";
import { exportText, isExport, readExport } from "../../../appliance/export/form.ts";
import { makeExport } from "../../../appliance/export/make.ts";
import { aboutText, isNewer, openExport } from "../../../appliance/export/open.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { settingsText } from "../../../appliance/settings/text.ts";
import { settingsArbitrary } from "../kit/arbitrary.ts";
import { variant } from "../kit/catalogues.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { YESCRYPT } from "../settings/fixtures.ts";
import { exported, inService, PASSPHRASE, RELEASE, SETTINGS_TEXT } from "./kit.ts";

const NAME = "export.json";
/** Sealing takes most of a second of work; one file serves all who only read it. */
let made: Promise<string> | undefined;
const sealedText = (t: ExecutionContext): Promise<string> => {
  made ??= exported(t);
  return made;
};
const { version } = RELEASE;
const KEY = `SHA256:${"a".repeat(43)}`;

test("what came in comes out again, comments and all, and nothing secret can be read", async (t) => {
  const text = await sealedText(t);
  const file = readExport(text, NAME);
  const opened = await openExport(file, { name: NAME, version, passphrase: PASSPHRASE });

  t.is(opened.text, SETTINGS_TEXT);
  t.deepEqual(opened.settings, parseSettings(SETTINGS_TEXT, "settings"));
  t.is(opened.catalogue, builtInCatalogue().version);
  t.is(opened.installed, undefined);
  t.true(isExport(text));
  t.like(file, { postern: "1.0.0", base: "debian-13", schema: 1, settings: { hostname: "proxy-01" } });
  for (const secret of [YESCRYPT, "rack", PASSPHRASE, "passwordHash"]) t.false(text.includes(secret), secret);
  t.regex(aboutText(file), /^proxy-01, exported \d{4}-\d\d-\d\d by Postern 1\.0\.0$/);
  t.not(await exported(t), text, "a salt and a nonce of its own, each");
  t.is(
    (
      await openExport(readExport(text.replaceAll("\n", "\r\n"), NAME), {
        name: NAME,
        version,
        passphrase: PASSPHRASE,
      })
    ).text,
    SETTINGS_TEXT,
  );
});

test("without secrets nothing is sealed, and nobody is asked", async (t) => {
  const machine = await inService(t);
  const text = await makeExport(machine, RELEASE, undefined);
  const opened = await openExport(readExport(text, NAME), { name: NAME, version });

  t.false(text.includes("sealed"));
  t.false(text.includes(YESCRYPT));
  t.false(opened.text.includes("rack"));
  const admin = { sshKeys: [], from: [], passwordLogin: false };
  t.deepEqual(opened.settings, { ...parseSettings(SETTINGS_TEXT, "settings"), admin });
});

test("a machine that is not configured has nothing to export", async (t) => {
  const error = await t.throwsAsync(makeExport(makeMachine(tempFolder(t)), RELEASE, undefined));
  t.like(error, { code: "input.settings", hint: "posternctl setup" });
});

test("any settings survive the way through the open form", async (t) => {
  await fc.assert(
    fc.asyncProperty(settingsArbitrary, async (settings) => {
      const { passwordHash: _, ...admin } = settings.admin;
      const open = { ...settings, admin: { ...admin, passwordLogin: false } };
      const about = { format: "postern-export", schema: 1, postern: "1.0.0", base: "x" } as const;
      const time = "2026-11-26T10:00:00.000Z";
      const text = exportText({ ...about, time, catalogue: "2026-11-23", settings: { ...open } });
      const opened = await openExport(readExport(text, NAME), { name: NAME, version });
      t.deepEqual(opened.settings, parseSettings(settingsText(open), "settings"));
    }),
    { numRuns: 60 },
  );
});

test("any byte that is another one is refused, in the open part and in the sealed one", async (t) => {
  const bytes = Buffer.from(await sealedText(t));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ by;
      t.throws(() => readExport(other.toString("utf8"), NAME), { instanceOf: Error }, `${at} ${by}`);
    }),
    { numRuns: 2000 },
  );
  for (const length of [0, 1, 100, bytes.length - 1])
    t.throws(() => readExport(bytes.toString("utf8", 0, length), NAME), { message: /cut|changed|no export/ });
});

/** The text with one edit, and a checksum that fits again: what a forger does. */
function forged(text: string, edit: (value: Record<string, unknown>) => unknown): string {
  const { sha256: _, ...value } = JSON.parse(text) as Record<string, unknown>;
  edit(value);
  const sum = createHash("sha256")
    .update(`${JSON.stringify(value, undefined, 2)}\n`)
    .digest("hex");
  return `${JSON.stringify({ ...value, sha256: sum }, undefined, 2)}\n`;
}

type Sealed = { kdf: Record<string, unknown>; cipher: Record<string, unknown>; data: string };
const sealedOf = (value: Record<string, unknown>): Sealed => value.sealed as Sealed;
const flipped = (text: string): string => (text.startsWith("A") ? "B" : "A") + text.slice(1);

const FORGERIES: readonly (readonly [string, (value: Record<string, unknown>) => unknown])[] = [
  ["a setting that can be read", (value) => Object.assign(value.settings as object, { hostname: "evil" })],
  ["the version", (value) => Object.assign(value, { postern: "1.0.1" })],
  ["the date of the catalogue", (value) => Object.assign(value, { catalogue: "2030-01-01" })],
  [
    "a catalogue that is added",
    (value) => Object.assign(value, { installed: { over: "2026-01-01", key: KEY, catalogue: {} } }),
  ],
  [
    "the first byte that is sealed",
    (value) => Object.assign(sealedOf(value), { data: flipped(sealedOf(value).data) }),
  ],
  [
    "the nonce",
    (value) =>
      Object.assign(sealedOf(value).cipher, { nonce: flipped(String(sealedOf(value).cipher.nonce)) }),
  ],
];

for (const [what, edit] of FORGERIES) {
  test(`who knows no passphrase cannot change ${what}, even with a checksum that fits`, async (t) => {
    const file = readExport(forged(await sealedText(t), edit), NAME);
    const error = await t.throwsAsync(openExport(file, { name: NAME, version, passphrase: PASSPHRASE }));
    t.like(error, { code: "input.export-changed" });
    t.regex(
      error.message,
      /export\.json was changed or damaged since it was exported: the passphrase is right/,
    );
  });
}

test("a wrong passphrase is told as what it is", async (t) => {
  const file = readExport(await sealedText(t), NAME);
  const wrong = await t.throwsAsync(openExport(file, { name: NAME, version, passphrase: "another one" }));
  const none = await t.throwsAsync(openExport(file, { name: NAME, version }));

  t.like(wrong, { code: "input.passphrase", message: "export.json was sealed with another passphrase." });
  t.like(none, { code: "input.passphrase" });
});

test("letters that systems write in two ways are one passphrase", async (t) => {
  const file = readExport(await exported(t, "pa\u0308sse und mehr"), NAME);
  const opened = await openExport(file, { name: NAME, version, passphrase: "p\u00e4sse und mehr" });
  t.is(opened.text, SETTINGS_TEXT);
});

const HOSTILE: readonly (readonly [string, (value: Record<string, unknown>) => unknown])[] = [
  ["gigabytes of memory", (value) => Object.assign(sealedOf(value).kdf, { N: 2 ** 30 })],
  ["a cost that is no power of two", (value) => Object.assign(sealedOf(value).kdf, { N: 100_000 })],
  ["a wide block", (value) => Object.assign(sealedOf(value).kdf, { r: 1024 })],
  ["hours of work", (value) => Object.assign(sealedOf(value).kdf, { p: 1_000_000 })],
  ["no work", (value) => Object.assign(sealedOf(value).kdf, { N: 2 })],
  ["another cipher", (value) => Object.assign(sealedOf(value).cipher, { name: "aes-256-ecb" })],
  ["a short nonce", (value) => Object.assign(sealedOf(value).cipher, { nonce: "AAAA" })],
  ["a text as a number", (value) => Object.assign(sealedOf(value).kdf, { N: "131072" })],
  ["a field that is not known", (value) => Object.assign(value, { more: 1 })],
  ["settings that are a list", (value) => Object.assign(value, { settings: [] })],
  ["a catalogue that nothing seals", (value) => Object.assign(value, { sealed: undefined, installed: {} })],
  ["control characters", (value) => Object.assign(value, { base: "\u001b[2J" })],
];

for (const [what, edit] of HOSTILE) {
  test(`a file that asks for ${what} is refused before any work`, async (t) => {
    const text = forged(await sealedText(t), edit);
    t.throws(() => readExport(text, NAME), { code: "input.export" });
  });
}

test("a file that is larger or deeper than any is not parsed", (t) => {
  t.throws(() => readExport(`{"format":"${"x".repeat(5_000_000)}"}`, NAME), { code: "input.export" });
  t.throws(() => readExport("[".repeat(100_000), NAME), { code: "input.export" });
});

test("a newer file says what to do", async (t) => {
  const text = await sealedText(t);
  const newerForm = forged(text, (value) => {
    value.schema = 2;
    value.postern = "2.0.0";
  });
  const newerSettings = forged(text, (value) => Object.assign(value.settings as object, { schema: 2 }));
  for (const one of [newerForm, newerSettings]) {
    const error = t.throws(() => readExport(one, NAME));
    t.like(error, { code: "input.export-newer" });
    t.regex((error as unknown as { hint: string }).hint, /Set this machine up from an image of that version/);
  }
  const open = await makeExport(await inService(t), RELEASE, undefined);
  const unknown = forged(open, (value) => {
    value.postern = "1.10.0";
    Object.assign(value.settings as object, { tea: "green" });
  });
  const error = await t.throwsAsync(openExport(readExport(unknown, NAME), { name: NAME, version: "1.9.2" }));
  t.like(error, { code: "input.export-newer" });
  t.regex(error.message, /tea: no such field here/);
  await t.throwsAsync(openExport(readExport(unknown, NAME), { name: NAME, version: "1.10.0" }), {
    code: "input.settings",
  });
});

test("versions are compared by their numbers", (t) => {
  t.true(isNewer("1.10.0", "1.9.2"));
  t.false(isNewer("1.9.2", "1.10.0"));
  t.false(isNewer("1.0.0", "1.0.0"));
  t.false(isNewer("2.0.0", "(no release)"));
});

test("an installed catalogue goes along", async (t) => {
  const installed = { over: builtInCatalogue().version, key: KEY, catalogue: variant("2099-01-01") };
  const machine = await inService(t, SETTINGS_TEXT, { catalogue: installed.catalogue, installed });
  const file = readExport(await makeExport(machine, RELEASE, PASSPHRASE), NAME);
  const opened = await openExport(file, { name: NAME, version, passphrase: PASSPHRASE });

  t.deepEqual(opened.installed, installed);
  t.is(file.catalogue, "2099-01-01");
  const open = readExport(await makeExport(machine, RELEASE, undefined), NAME);
  t.is(open.installed, undefined, "only under a seal");
  t.is(open.catalogue, "2099-01-01");
  lay(machine.paths.root, "/etc/postern/catalogue.json", "damaged");
  t.is(readExport(await makeExport(machine, RELEASE, PASSPHRASE), NAME).installed, undefined);
});

test("the newer catalogue counts", (t) => {
  const own = { catalogue: builtInCatalogue() };
  const brought = (date: string) => ({
    installed: { over: own.catalogue.version, key: KEY, catalogue: variant(date) },
    catalogue: date,
  });
  const newer = catalogueToTake(brought("2099-01-01"), own);
  const older = catalogueToTake(brought("2020-01-01"), own);

  t.is(newer.catalogue?.catalogue.version, "2099-01-01");
  t.is(newer.note, undefined);
  t.is(older.catalogue, undefined);
  t.regex(
    older.note ?? "",
    /^The catalogue of .* stays: the one in the export, of 2020-01-01, is not newer\.$/,
  );
  t.deepEqual(catalogueToTake(brought("2099-01-01"), { catalogue: variant("2099-01-01") }), {});
  t.deepEqual(catalogueToTake({ catalogue: own.catalogue.version }, own), {});
  t.regex(
    catalogueToTake({ catalogue: "2099-01-01" }, own).note ?? "",
    /which is not in the export; here it stays/,
  );
});
