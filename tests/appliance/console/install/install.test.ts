import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { PosternError } from "../../../../appliance/error.ts";
import { disk, part } from "../../install/disks.ts";
import { lay, makeMachine } from "../../kit/machine.ts";
import { tempFolder } from "../../kit/temp.ts";
import { KEYS } from "../../kit/terminal.ts";
import { SMALLEST } from "../../settings/fixtures.ts";
import { changes, liveMachine, runs, says, setDisks, sit, tellState } from "./sitting.ts";

const { enter, esc, down } = KEYS;

const WINDOWS = disk({
  path: "/dev/sdb",
  serial: "S4X1",
  wwn: "0x5002",
  table: "gpt",
  parts: [part({ path: "/dev/sdb1", type: "ntfs", label: "Windows" })],
});
const STICK = disk({
  path: "/dev/sdc",
  transport: "usb",
  model: "Cruzer",
  vendor: "SanDisk",
  serial: "U1",
  wwn: "",
});

test("an installed machine has no installer", async (t) => {
  const { ended } = sit(t, { machine: makeMachine(tempFolder(t)) });
  const error = await t.throwsAsync(ended, { instanceOf: PosternError });
  t.is(error?.code, "input.not-live");
});

for (const [columns, rows] of [
  [80, 24],
  [40, 9],
  [132, 50],
] as const) {
  test(`from the first page to the confirmation at ${columns}x${rows}: no page scrolls`, async (t) => {
    const machine = liveMachine(t, [disk(), WINDOWS, STICK]);
    const { person } = sit(t, { machine, columns, rows });

    await says(person, "Install Postern 1.0.0 on this");
    await says(person, "PowerEdge R650");
    person.type(enter);
    await says(person, "On which disk?");
    person.type(down);
    await says(person, "> 2. /dev/sdb");
    person.type(enter);
    await says(person, "Erase /dev/sdb and install?");
    person.type(`S4X${enter}`);
    await says(person, "! Expected: serial number S4X1");
    t.deepEqual(changes(machine), []);
    person.type("1");
    await says(person, "Enter erases the disk.");
    t.is(person.screen.scrolled, 0);
    t.deepEqual(changes(machine), []);
  });
}

test("what is left out is said with its reason, and cannot be chosen", async (t) => {
  const machine = liveMachine(t, [STICK]);
  const { person } = sit(t, { machine });
  await says(person, "Disks: 0 can be used, 1 cannot");
  person.type(enter);
  await says(person, "There is no disk that Postern can be installed on");
  await says(person, "Left out: /dev/sdc (480 GB, SanDisk Cruzer): a disk on USB");
  setDisks(machine, [STICK, disk()]);
  person.type(enter);
  await says(person, "> 1. /dev/sda");
  t.pass();
});

test("a disk without a serial and WWN is confirmed by path and size", async (t) => {
  const machine = liveMachine(t, [disk({ serial: "", wwn: "" })]);
  const { person } = sit(t, { machine });
  await chooseFirstDisk(person);
  await says(person, "type its path and size: /dev/sda 480 GB");
  person.type("/dev/sda 480 gb");
  await says(person, "Enter erases the disk.");
  t.pass();
});

test("a disk that became another one is not erased", async (t) => {
  const machine = liveMachine(t, [disk()]);
  const { person } = sit(t, { machine });
  await chooseFirstDisk(person);
  await says(person, "Erase /dev/sda");
  setDisks(machine, [disk({ serial: "OTHER" })]);
  person.type(`00a1b2c3d4e5f6${enter}`);
  await says(person, "/dev/sda is not what it was a moment ago");
  t.deepEqual(changes(machine), []);
});

test("Esc goes back, from page to page", async (t) => {
  const { person } = sit(t, { machine: liveMachine(t, [disk()]) });
  await chooseFirstDisk(person);
  await says(person, "Erase /dev/sda");
  person.type(esc);
  await says(person, "On which disk?");
  person.type(esc);
  await says(person, "Install Postern 1.0.0 on this server?");
  t.pass();
});

test("an installation that fails says why, what the disk is now, and offers another try", async (t) => {
  const machine = liveMachine(t, [disk({ path: "/dev/postern-no-such-disk" })]);
  const facts = {
    kernelArguments: [],
    efi: { vendor: "debian", shim: [], mokManager: [], grub: [], csv: "/x" },
  };
  lay(machine.paths.root, "/usr/lib/postern/boot/boot.json", JSON.stringify(facts));
  machine.answers.set("wipefs --all", { code: 1, stderr: "probing failed: Input/output error\n" });
  const { person } = sit(t, { machine });
  await says(person, "Install Postern");
  person.type(enter);
  await says(person, "> 1. /dev/postern");
  person.type(enter);
  await says(person, "Erase /dev/postern");
  person.type(`00a1b2c3d4e5f6${enter}`);
  await says(person, "Postern was not installed");
  await says(person, "Erase what was there: wipefs failed (1): probing failed: Input/output error");
  await says(person, "/dev/postern-no-such-disk is erased and starts nothing.");
  const log = readFileSync(join(machine.paths.live, "install.log"), "utf8");
  t.regex(log, /\$ wipefs --all --force --quiet -- \/dev\/postern-no-such-disk\n/);
  person.type(enter);
  await says(person, "Install Postern 1.0.0 on this server?");
});

test("another console's installation takes the place of the questions, then its end is shown", async (t) => {
  const machine = liveMachine(t, [disk()]);
  const { person } = sit(t, { machine, line: "tty1" });
  await says(person, "Install Postern");
  tellState(machine, { done: 310e6, total: 620e6 });
  await says(person, "Installing on /dev/sda  480 GB");
  await says(person, "50 %");
  await says(person, "310 of 620 MB");
  await says(person, " >  Copy the system");
  await says(person, "[x] Make the file systems");
  tellState(machine, { phase: "done", ended: Date.now() });
  await says(person, "Postern 1.0.0 is installed");
  await says(person, "Detach the installation medium now");
  person.type(enter);
  await says(person, "The server powers off");
  await runs(machine, "systemctl poweroff");
  t.is(person.screen.scrolled, 0);
});

test("an installation whose process is gone has failed", async (t) => {
  const machine = liveMachine(t, [disk()]);
  tellState(machine, { pid: 2 ** 22 + 1 });
  const { person } = sit(t, { machine });
  await says(person, "Postern was not installed");
  await says(person, "The installation was cut off. The disk starts nothing.");
  t.pass();
});

for (const rows of [9, 24]) {
  test(`progress fits a screen of 40x${rows}`, async (t) => {
    const machine = liveMachine(t, [disk()]);
    tellState(machine, { done: 31e6, total: 620e6 });
    const { person } = sit(t, { machine, columns: 40, rows });
    await says(person, "Copy the system");
    await says(person, "] 5 %");
    await says(person, "Do not switch");
    t.is(person.screen.scrolled, 0);
  });
}

test("by plain lines", async (t) => {
  const machine = liveMachine(t, [disk(), WINDOWS]);
  const { person } = sit(t, { machine, isPlain: true });
  await person.read("Install Postern 1.0.0 on this server?");
  await person.read("1 to 4 [1]: ");
  person.type(enter);
  await person.read("On which disk?");
  await person.read("serial S4X1; sectors of 512 bytes;");
  person.type(`2${enter}`);
  await person.read("type its serial number: S4X1");
  person.type(enter);
  await person.read("Expected: serial number S4X1");
  tellState(machine, { done: 0, total: 100 });
  await person.read("4 of 8: Copy the system");
  tellState(machine, { done: 55, total: 100 });
  await person.read("  55 %");
  tellState(machine, { phase: "done" });
  await person.read("Postern 1.0.0 is installed");
  t.false(person.raw.includes("\u001b"));
});

test("settings that came with the medium are named", async (t) => {
  const machine = liveMachine(t, [disk()], { files: { "settings.yaml": SMALLEST } });
  const { person } = sit(t, { machine });
  await says(person, "Settings come from the installation medium");
  t.false(existsSync(join(machine.paths.live, "held")));
});

test("settings that are wrong are told, and do not keep anybody from installing", async (t) => {
  const machine = liveMachine(t, [disk()], { files: { "settings.yaml": "schema: 1\n" } });
  const { person } = sit(t, { machine });
  await says(person, "Install Postern 1.0.0 on this server?");
  await says(person, "clients: at least one network");
  await says(person, "What is wrong in them is asked for later.");
  t.false(person.screen.text.includes("not installed"));
});

test("Ctrl-C and hasty keys do no harm", async (t) => {
  const machine = liveMachine(t, [disk()]);
  const { person } = sit(t, { machine });
  await says(person, "Install Postern");
  person.type(KEYS.interrupt);
  await says(person, "Install Postern 1.0.0 on this server?");
  person.type(`${enter}${enter}${enter}${enter}${esc}${esc}`);
  await says(person, "Install Postern 1.0.0 on this server?");
  t.deepEqual(changes(machine), []);
});

/** From the first page to the confirmation of the first disk. */
async function chooseFirstDisk(person: ReturnType<typeof sit>["person"]): Promise<void> {
  await says(person, "Install Postern");
  person.type(enter);
  await says(person, "> 1. /dev/sda");
  person.type(enter);
}
