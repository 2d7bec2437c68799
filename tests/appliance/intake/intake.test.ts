import { symlinkSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { readDisk } from "../../../appliance/intake/disk.ts";
import { takeIn } from "../../../appliance/intake/intake.ts";
import { mediaIn } from "../../../appliance/intake/media.ts";
import { readStrange } from "../../../appliance/intake/read.ts";
import { BAKED_SETTINGS, SETTINGS } from "../../../appliance/paths.ts";
import { ovfEnvironment } from "../../boot/kit/ovfenv.ts";
import { lay } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { ED25519, SMALLEST } from "../settings/fixtures.ts";
import { type FakeMedium, machineWith } from "./kit.ts";

const USER_DATA = "/var/lib/cloud/instance/user-data.txt";
const named = (name: string): string => `${SMALLEST}hostname: ${name}\n`;
const OVF = ovfEnvironment({ "postern.hostname": "by-ovf", "postern.clients": "10.20.0.0/16" });

const STICK: FakeMedium = {
  ...{ device: "/dev/sdb1", label: "Postern", type: "vfat" },
  files: {
    "settings.yaml": named("by-disk"),
    "admin.pub": `${ED25519}\nnot a key\n`,
    authorized_keys: `# comment\n${ED25519}\n`,
  },
};
const CD: FakeMedium = {
  ...{ device: "/dev/sr0", label: "OVF ENV", type: "iso9660", isCd: true },
  files: { "OVF-ENV.XML": OVF.replace("by-ovf", "by-cd") },
};

test("nothing anywhere", async (t) => {
  t.deepEqual(await takeIn(machineWith(t)), { kind: "none", others: [], notes: [] });
});

test("the order: OVF properties, cloud-init, disk, image; the record names those that were not taken", async (t) => {
  const machine = machineWith(t, { ovfEnv: OVF, media: [STICK] });
  lay(machine.paths.root, USER_DATA, `#postern\n${named("by-cloud-init")}`);
  lay(machine.paths.root, "/run/cloud-init/cloud-id", "azure\n");
  lay(machine.paths.root, BAKED_SETTINGS, named("by-image"));
  const all = await takeIn(machine);

  t.like(all, {
    kind: "settings",
    settings: { hostname: "by-ovf" },
    origin: {
      way: "ovf",
      detail: `guestinfo.ovfEnv; not taken: cloud-init (user data of azure), a disk (/dev/sdb1), the image (${BAKED_SETTINGS})`,
    },
  });
  machine.answers.set("vmware-rpctool", { code: 1 });
  t.like(await takeIn(machine), { settings: { hostname: "by-cloud-init" }, origin: { way: "cloud-init" } });
  lay(machine.paths.root, USER_DATA, "#!/bin/sh\n");
  const byDisk = await takeIn(machine);
  t.like(byDisk, { settings: { hostname: "by-disk" }, text: named("by-disk"), origin: { way: "disk" } });
  machine.answers.set("lsblk", { stdout: "" });
  t.like(await takeIn(machine), {
    settings: { hostname: "by-image" },
    origin: { way: "image", detail: BAKED_SETTINGS },
  });
});

test("the second tool is asked where the first is refused", async (t) => {
  const machine = machineWith(t);
  machine.answers.set("vmware-rpctool", { code: 1, stdout: "Permission denied\n" });
  machine.answers.set("vmtoolsd", { stdout: OVF });

  t.like(await takeIn(machine), { kind: "settings", settings: { hostname: "by-ovf" } });
});

test("a CD with the environment", async (t) => {
  t.like(await takeIn(machineWith(t, { media: [CD] })), {
    kind: "settings",
    settings: { hostname: "by-cd" },
    origin: { way: "ovf", detail: "ovf-env.xml on /dev/sr0" },
  });
  t.is((await takeIn(machineWith(t, { media: [{ ...CD, label: "ANYTHING" }] }))).kind, "settings");
  t.is((await takeIn(machineWith(t, { media: [{ ...CD, size: 700_000_000 }] }))).kind, "none");
});

test("a broken environment is said, and the next way is taken", async (t) => {
  const machine = machineWith(t, { ovfEnv: OVF.slice(0, 300), media: [STICK] });
  const intake = await takeIn(machine);

  t.like(intake, { kind: "settings", settings: { hostname: "by-disk" } });
  t.regex(intake.notes.join("\n"), /^guestinfo\.ovfEnv is no OVF environment: /);
});

test("an environment without a property of ours is nothing", async (t) => {
  const machine = machineWith(t, { ovfEnv: ovfEnvironment({ hostname: "x", "postern.clients": "null" }) });

  t.is((await takeIn(machine)).kind, "none");
});

test("settings that are wrong in a place win all the same, with what is good in them", async (t) => {
  const bad = ovfEnvironment({ "postern.hostname": "by-ovf", "postern.clients": "10.20.0.0/33" });
  const intake = await takeIn(machineWith(t, { ovfEnv: bad, media: [STICK] }));

  t.like(intake, { kind: "partial", settings: { hostname: "by-ovf" }, origin: { way: "ovf" } });
  t.deepEqual(intake.kind === "partial" ? intake.problems.map(({ path }) => path) : [], ["clients[0].cidr"]);
});

test("a file that cloud-init wrote is cloud-init's; one that somebody else laid is the image's", async (t) => {
  const machine = machineWith(t);
  lay(machine.paths.root, SETTINGS, named("laid"));
  t.like(await takeIn(machine), { kind: "settings", origin: { way: "image", detail: SETTINGS } });

  lay(machine.paths.root, USER_DATA, `#cloud-config\nwrite_files: [{ path: ${SETTINGS}, content: x }]\n`);
  t.like(await takeIn(machine), {
    settings: { hostname: "laid" },
    origin: { way: "cloud-init", detail: `${SETTINGS}, written by user data` },
  });

  lay(machine.paths.root, "/var/lib/postern/confirmed.yaml", named("laid"));
  t.is((await takeIn(machine)).kind, "none", "on a configured machine that file is what is in force");
});

test("the disk: settings, keys, and nothing that leads elsewhere", async (t) => {
  const disk = await readDisk(machineWith(t, { media: [STICK, { ...STICK, device: "/dev/sdc1" }] }));

  t.deepEqual(disk, { device: "/dev/sdb1", settings: named("by-disk"), keys: [ED25519], notes: [] });
  t.is(await readDisk(machineWith(t)), undefined);

  const large = { ...STICK, files: { "settings.yaml": "#".repeat(300_000) } };
  const refused = await readDisk(machineWith(t, { media: [large] }));
  t.is(refused?.settings, undefined);
  t.regex(refused?.notes[0] ?? "", /^\/dev\/sdb1\/settings\.yaml has 300000 bytes/);
});

test("a disk is mounted for reading alone, by arguments and no shell", async (t) => {
  const machine = machineWith(t, { media: [STICK] });
  await takeIn(machine);
  const mounts = machine.ran.filter((line) => line.includes("mount"));

  t.regex(
    mounts[0] ?? "",
    /^mount -t vfat -o ro,nodev,nosuid,noexec -- \/dev\/sdb1 .*\/run\/postern\/medium-\w+$/,
  );
  t.is(mounts.length, 2, "and unmounted");
});

test("a disk that cannot be mounted is said", async (t) => {
  const machine = machineWith(t, { media: [STICK] });
  machine.answers.set("mount", { code: 32, stderr: "mount: wrong fs type\n" });
  const intake = await takeIn(machine);

  t.is(intake.kind, "none");
  t.deepEqual(intake.notes, ["/dev/sdb1 cannot be mounted: mount: wrong fs type"]);
});

test("lsblk's answer is looked at twice", (t) => {
  const device = { path: "/dev/sda1", label: "POSTERN", fstype: "ext4", size: 1, type: "part" };
  const strange = [
    { ...device, path: "/dev/../etc" },
    { ...device, path: "-o" },
    { ...device, fstype: "btrfs" },
    { ...device, fstype: "toString" },
    { ...device, label: null },
    null,
    1,
  ];

  t.deepEqual(
    mediaIn(JSON.stringify({ blockdevices: [device, ...strange] })).map((one) => one.label),
    [""],
  );
  t.deepEqual(mediaIn("no JSON"), []);
  t.deepEqual(mediaIn("{}"), []);
});

test("a link or a folder is no file", async (t) => {
  const folder = tempFolder(t);
  lay(folder, "/secret", "x");
  symlinkSync(join(folder, "secret"), join(folder, "link"));

  t.is(await readStrange(join(folder, "link"), 10), undefined);
  t.is(await readStrange(folder, 10_000), undefined);
  t.is(await readStrange(join(folder, "none"), 10), undefined);
  t.is((await readStrange(join(folder, "secret"), 10))?.toString(), "x");
});
