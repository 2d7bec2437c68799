import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { expectServing } from "./firstboot.ts";
import { GUEST_NETWORK } from "./kit/addresses.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { noteFigure } from "./kit/figures.ts";
import { choiceOf } from "./kit/matrix.ts";
import { PATIENCE } from "./kit/patience.ts";
import { sessionFolder } from "./kit/session.ts";
import { ssh } from "./kit/ssh.ts";
import { assertServes } from "./probes.ts";
import { squidTests } from "./squid.ts";
import { type Access, makeAccess, stickWith } from "./stick.ts";
import { watch } from "./watch.ts";
import { differences, type Picture, pictureOf } from "./whole.ts";

/*
 * What a running machine goes through. Squid is looked at first. Then the power goes at random moments of a
 * change, by the plug and by the reset button in turn; afterwards the machine has the old settings whole or the new
 * ones whole, and serves its clients.
 *
 * POSTERN_POWER_CUTS is the number of cuts: one in a usual run, two where the whole matrix is booted.
 */

const NAME = "ova-running";
const BOOTS = "a machine takes its settings from a stick, and serves";
const LEARNS = "both settings are put in force once, to know what whole means";
const CUTS = Number(process.env.POSTERN_POWER_CUTS ?? (choiceOf(process.env).all ? 2 : 1));
const NEW_SETTINGS = "/root/new.yaml";
const OLD_SETTINGS = "/root/old.yaml";
const EXPORT = "/root/postern-export.json";
const FLIPPED = "/root/flipped.json";
const PASSPHRASE = "a few words with spaces";

let cloud: Cloud;
let access: Access;
let before: Picture;
let after: Picture;
/** Milliseconds that a change takes here. */
let length = 0;

const guest = watch(test, [BOOTS, LEARNS]);

test.serial(BOOTS, async (t) => {
  t.timeout(PATIENCE);
  cloud = await startCloud(await sessionFolder("cloud-running"));
  access = await makeAccess(NAME, "postern");
  const machine = await guest.boot(NAME, { drives: [await stickWith(NAME, access.settings)] });
  await expectServing(machine.serial);
  await assertServes(t, cloud);
});

squidTests(test, { cloud: () => cloud, root });

test.serial(LEARNS, async (t) => {
  t.timeout(PATIENCE);
  const old = await root("cat", "/etc/postern/settings.yaml");
  await lay(OLD_SETTINGS, old);
  await lay(NEW_SETTINGS, changed(old));
  before = await pictureOf(access.target, access.password);
  const start = performance.now();
  await applyNow(NEW_SETTINGS);
  length = performance.now() - start;
  after = await pictureOf(access.target, access.password);
  await noteFigure(`${NAME}: a change of nearly every file, s`, length / 1000);
  t.log(
    `a change takes ${(length / 1000).toFixed(1)} s and touches ${differences(before, after).length} files`,
  );
  t.true(differences(before, after).length >= 8, differences(before, after).join(" "));
  await applyNow(OLD_SETTINGS);
  t.deepEqual(
    differences(before, await pictureOf(access.target, access.password)),
    [],
    "the way back is whole as well",
  );
});

test.serial(
  "one file is the whole machine: it brings back what was changed, and no byte of it can change",
  async (t) => {
    t.timeout(PATIENCE);
    await withPassphrase(`posternctl export ${EXPORT}`);
    const exported = await root("cat", EXPORT);
    const { hash } = /(?<hash>\$y\$\S+)/.exec(await root("cat", "/etc/postern/settings.yaml"))?.groups ?? {};
    t.truthy(hash, "the settings have a secret");
    t.false(exported.includes(hash ?? ""), "which nobody can read in the export");
    t.is((await root("stat", "-c", "%a %U", EXPORT)).trim(), "600 root");
    await applyNow(NEW_SETTINGS);
    t.is((await root("hostname")).trim(), "proxy-new");

    await lay(FLIPPED, exported.replace(GUEST_NETWORK, GUEST_NETWORK.replace(/^1/, "2")));
    const refused = await withPassphrase(`posternctl import ${FLIPPED} --yes 2>&1; echo code $?`);
    t.regex(refused, /was changed or damaged[\s\S]*\(input\.export-changed\)\ncode 2\n$/);
    const wrong = await withPassphrase(`posternctl import ${EXPORT} --yes 2>&1; echo code $?`, "another one");
    t.regex(wrong, /sealed with another passphrase[\s\S]*\(input\.passphrase\)\ncode 2\n$/);
    t.is((await root("hostname")).trim(), "proxy-new", "what was refused changed nothing");

    await withPassphrase(`posternctl import ${EXPORT} --yes || test $? = 4`);
    t.deepEqual(
      differences(before, await pictureOf(access.target, access.password)),
      [],
      "the machine of before",
    );
    await root("rm", EXPORT, FLIPPED);
    await assertServes(t, cloud);
  },
);

for (let cut = 1; cut <= CUTS; cut++) {
  const way = cut % 2 === 0 ? "the reset button" : "the plug";
  const confirmed = cut % 3 !== 2;
  test.serial(
    `cut ${cut} of ${CUTS}, by ${way}${confirmed ? "" : ", while it waits for a word"}`,
    async (t) => {
      t.timeout(PATIENCE);
      const ended = await cutDuring(t, way, confirmed);
      t.log(ended);
    },
  );
}

/** Begins a change, takes the power, and looks at what comes back. Returns which settings it has. */
async function cutDuring(t: ExecutionContext, way: string, isConfirmed: boolean): Promise<string> {
  const moment = randomInt(Math.round(length * (isConfirmed ? 1.1 : 1.3)));
  const flags = isConfirmed ? ["--yes"] : ["--confirm-within", "600"];
  // As a unit of its own: the session that asked for it has ended when the power goes.
  await root(
    "systemd-run",
    "--quiet",
    "--no-block",
    "--collect",
    "posternctl",
    "apply",
    NEW_SETTINGS,
    ...flags,
  );
  await pause(moment);
  const machine = guest.machine();
  machine.serial.skip();
  if (way === "the plug") await guest.cycle();
  else await machine.reset();
  await expectServing(guest.machine().serial);
  const now = await pictureOf(access.target, access.password);
  const isOld = differences(before, now).length === 0;
  const isNew = differences(after, now).length === 0;
  t.true(
    isOld || isNew,
    `cut after ${moment} ms; not old: ${differences(before, now)}; not new: ${differences(after, now)}`,
  );
  if (!isConfirmed) t.true(isOld, "what nobody confirmed does not outlive a start");
  t.is((await root("hostname")).trim(), isOld ? "postern" : "proxy-new");
  await assertServes(t, cloud);
  if (isNew) await applyNow(OLD_SETTINGS);
  return `cut after ${moment} of ${Math.round(length)} ms: ${isOld ? "old" : "new"} settings, whole`;
}

/** A change that touches nearly every file, and leaves the test its way in. */
function changed(text: string): string {
  const edits: readonly [pattern: RegExp, by: string][] = [
    [/^hostname: .*$/m, "hostname: proxy-new"],
    [
      /^( +)- cidr: .*\n( +label: .*\n)?/m,
      `$1- cidr: ${GUEST_NETWORK}\n$1- cidr: 10.77.0.0/16\n$1  label: new\n`,
    ],
  ];
  const edited = edits.reduce((all, [pattern, by]) => {
    if (!pattern.test(all)) throw new Error(`the settings have no ${pattern}:\n${all}`);
    return all.replace(pattern, by);
  }, text);
  // What the file leaves to its default may be said at the end.
  return ["time", "logging", "keyboard", "updates"].reduce(withoutPart, edited) + NEW_PARTS;
}

const NEW_PARTS = `time: { zone: Europe/Berlin, servers: [192.0.2.123] }
logging: { retentionDays: 7 }
keyboard: { layout: de }
updates: { mode: security, window: "02:00-04:00" }
`;

/** The text without one of its top level parts. */
function withoutPart(text: string, name: string): string {
  return text.replace(new RegExp(`^${name}:.*\\n(?:[ #-].*\\n)*`, "m"), "");
}

function root(...command: readonly string[]): Promise<string> {
  return access.root(...command);
}

/** Puts settings in force. The fake cloud has no public certificate, so the check of that fails (4). */
function applyNow(path: string): Promise<string> {
  return root("sh", "-c", `posternctl apply ${path} --yes || test $? = 4`);
}

/** Runs a line with a passphrase on its standard input, as a script does. */
function withPassphrase(line: string, passphrase = PASSPHRASE): Promise<string> {
  return root("sh", "-c", `printf '%s\\n' '${passphrase}' | { ${line}; }`);
}

/** Writes a file that only root can read. */
async function lay(path: string, text: string): Promise<void> {
  const home = "/home/postern/laid";
  await ssh(access.target, ["dd", "status=none", `of=${home}`], { input: text });
  await root("install", "-m", "0600", home, path);
}

test.after.always(async () => {
  await cloud?.close();
});
