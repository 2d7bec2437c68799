import { existsSync, readFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { history } from "../../../appliance/apply/history.ts";
import { makeExport } from "../../../appliance/export/make.ts";
import { takeInAtBoot } from "../../../appliance/intake/boot.ts";
import { readFoundExports } from "../../../appliance/intake/foundexports.ts";
import { takeIn } from "../../../appliance/intake/intake.ts";
import { BAKED_SETTINGS } from "../../../appliance/paths.ts";
import { exported, inService, PASSPHRASE, RELEASE, SETTINGS_TEXT } from "../export/kit.ts";
import { lay, type Machine } from "../kit/machine.ts";
import { SMALLEST } from "../settings/fixtures.ts";
import { machineWith } from "./kit.ts";

let made: Promise<string> | undefined;
const sealed = (t: ExecutionContext): Promise<string> => {
  made ??= exported(t);
  return made;
};
const open = async (t: ExecutionContext): Promise<string> =>
  makeExport(await inService(t), RELEASE, undefined);

function stick(t: ExecutionContext, files: Readonly<Record<string, string>>): Machine {
  const machine = machineWith(t, { media: [{ device: "/dev/sdb1", label: "POSTERN", type: "vfat", files }] });
  for (const command of ["squid", "netplan", "iptables-restore", "ip6tables-restore", "ssh-keygen"])
    machine.answers.set(command, {});
  return machine;
}

async function boot(machine: Machine) {
  const told: string[] = [];
  const ended = await takeInAtBoot(machine, (line) => void told.push(line));
  return { ended, told: told.join("\n"), found: await readFoundExports(machine.paths) };
}

const textOf = ({ paths }: Machine): string => readFileSync(paths.confirmed, "utf8");

test("an export without secrets is put in force at once, whatever its name", async (t) => {
  const machine = stick(t, { "PROXY-01.JSON": await open(t) });
  const { ended, found } = await boot(machine);

  t.is(ended, "applied");
  t.regex(textOf(machine), /^hostname: proxy-01$/m);
  t.deepEqual(found, []);
  t.is((await history(machine))[0]?.origin.detail, "/dev/sdb1, PROXY-01.JSON");
});

test("a sealed one is, too, where its passphrase lies beside it", async (t) => {
  const machine = stick(t, { "x.json": await sealed(t), passphrase: `${PASSPHRASE}\r\n` });
  const { ended, told } = await boot(machine);

  t.is(ended, "applied");
  t.is(textOf(machine), SETTINGS_TEXT);
  t.false(told.includes(PASSPHRASE));
});

for (const [what, more] of [
  ["alone", {}],
  ["with another passphrase", { passphrase: "another one" }],
  ["with an empty one", { passphrase: "\n" }],
] as const) {
  test(`a sealed one ${what} waits for a person, and settings in the image wait behind it`, async (t) => {
    const machine = stick(t, { "x.json": await sealed(t), ...more });
    lay(machine.paths.root, BAKED_SETTINGS, SMALLEST);
    const { ended, told, found } = await boot(machine);

    t.is(ended, "asked");
    t.regex(told, /x\.json on \/dev\/sdb1 is an export of a machine; the console asks/);
    t.like(found, [{ device: "/dev/sdb1", name: "x.json" }]);
    t.regex(found[0]?.about ?? "", /^proxy-01, exported/);
    t.false(existsSync(machine.paths.confirmed));
  });
}

test("a damaged one is noted, and the next way is taken", async (t) => {
  const machine = stick(t, { "x.json": (await sealed(t)).replace("10.20.0.0", "10.21.0.0"), "y.json": "{}" });
  t.like(await boot(machine), { ended: "nothing", found: [{ name: "x.json" }] });
  lay(machine.paths.root, BAKED_SETTINGS, SMALLEST);
  const { ended, told } = await boot(machine);

  t.is(ended, "applied");
  t.regex(told, /x\.json was changed or damaged since it was exported/);
  t.is(textOf(machine), SMALLEST);
});

test("settings.yaml counts before an export; of several exports somebody has to choose", async (t) => {
  const both = stick(t, { "settings.yaml": SMALLEST, "x.json": await sealed(t) });
  t.like(await boot(both), { ended: "applied", found: [] });
  t.is(textOf(both), SMALLEST);

  const two = stick(t, { "a.json": await open(t), "b.json": await sealed(t), passphrase: PASSPHRASE });
  const { ended, found } = await boot(two);
  t.is(ended, "asked");
  t.deepEqual(
    found.map(({ name }) => name),
    ["a.json", "b.json"],
  );
});

test("a stick without one asks nobody, and takes back what was found before", async (t) => {
  const machine = stick(t, { "x.json": await sealed(t) });
  t.is((await boot(machine)).found.length, 1);
  machine.answers.set("lsblk", { stdout: "" });
  t.like(await boot(machine), { ended: "nothing", found: [] });
  t.deepEqual(await takeIn(machine), { kind: "none", others: [], notes: [] });
});

test("what is found lies where only root reads, and a spoilt file is nothing", async (t) => {
  const machine = stick(t, {});
  for (const text of ["", "{}", '[{"device":1}]', "[null]"]) {
    lay(machine.paths.root, "/run/postern/exports.json", text);
    t.deepEqual(await readFoundExports(machine.paths), [], text);
  }
});
