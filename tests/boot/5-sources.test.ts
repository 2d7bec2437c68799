import test, { type ExecutionContext } from "ava";
import { hashPassword } from "../../appliance/access/password.ts";
import { SETTINGS } from "../../appliance/paths.ts";
import { realSystem } from "../../appliance/system/node.ts";
import { apply, expectServing, firstQuestion } from "./firstboot.ts";
import { output, rootOutput, sshTarget } from "./inspect.ts";
import { GUEST_NETWORK } from "./kit/addresses.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { choiceOf } from "./kit/matrix.ts";
import { ejectDisc, fatImage, insertDisc, isoImage, plugDisk, pullDisk } from "./kit/media.ts";
import { ovfEnvironment } from "./kit/ovfenv.ts";
import { BOOT_PATIENCE, PATIENCE } from "./kit/patience.ts";
import { sessionFolder } from "./kit/session.ts";
import { makeSshKey, type SshTarget, ssh } from "./kit/ssh.ts";
import { assertServes } from "./probes.ts";
import { settingsFor } from "./stick.ts";
import { watch } from "./watch.ts";

/*
 * Settings that come without a keyboard: one machine goes through every way, made as new between two of them.
 * Nobody types a word.
 */

const NAME = "ova-sources";
const FIRST = "cloud-init's user data configures the machine";
const PASSWORD = "correct horse battery";
const FAKE_RPCTOOL = `#!/bin/sh
[ "$*" = "info-get guestinfo.ovfEnv" ] || exit 1
exec cat /var/tmp/ovf-env.xml
`;

let cloud: Cloud;
let target: SshTarget;
let access: { key: string; hash: string };

const guest = watch(test, [FIRST]);

test.serial(FIRST, async (t) => {
  t.timeout(PATIENCE);
  cloud = await startCloud(await sessionFolder("cloud-sources"));
  const folder = await sessionFolder("machines", NAME);
  const key = await makeSshKey(folder);
  target = await sshTarget(NAME, key);
  access = { key: key.publicLine, hash: await hashPassword(realSystem(), PASSWORD) };
  const indented = settings("by-user-data").replaceAll(/^(?=.)/gm, "  ");
  const seed = await fatImage(folder, "CIDATA", {
    "meta-data": "instance-id: sources\n",
    "user-data": `#cloud-config\npostern:\n${indented}`,
  });
  const machine = await guest.boot(NAME, {
    drives: [
      { id: "seed", kind: "disk", file: seed },
      { id: "cd0", kind: "cd" },
    ],
  });
  const seconds = await firstQuestion(machine);
  t.log(`the first question was not kept waiting: ${seconds.toFixed(1)} s`);
  await expectServing(machine.serial);
  t.log(`serving after ${(machine.uptime() / 1000).toFixed(1)} s`);
  await assertCameFrom(t, "by-user-data", "cloud-init (user data of nocloud)");
});

// A start of its own, each: only where the whole matrix is booted.
const isWhole = choiceOf(process.env).all;
if (isWhole) {
  test.serial("OVF properties by VMware's tools come before cloud-init", async (t) => {
    t.timeout(PATIENCE);
    await lay("/usr/bin/vmware-rpctool", FAKE_RPCTOOL, "0755");
    await lay("/var/tmp/ovf-env.xml", environment("by-properties"), "0600");
    await startAsNew();
    await expectServing(guest.machine().serial);
    await assertCameFrom(
      t,
      "by-properties",
      "OVF properties (guestinfo.ovfEnv; not taken: cloud-init (user data of nocloud))",
    );
  });
}

test.serial("a wrong value keeps nobody waiting: the console asks, and says which", async (t) => {
  t.timeout(PATIENCE);
  const folder = await sessionFolder("machines", NAME);
  await root("rm", "-f", "/usr/bin/vmware-rpctool");
  // Without its seed, cloud-init finds nothing and does not start.
  await pullDisk(guest.machine().qmp, "seed");
  await root("rm", "-rf", "/var/lib/cloud");
  const wrong = environment("by-cd").replace(GUEST_NETWORK, "198.51.100.0/33");
  await insertDisc(guest.machine().qmp, "cd0", await isoImage(folder, "OVFENV", { "ovf-env.xml": wrong }));
  await startAsNew();
  const { serial } = guest.machine();
  await serial.expect("clients[0].cidr", {
    timeout: BOOT_PATIENCE,
    label: "the notice about the wrong value",
  });
  await assertUnconfigured(t);
});

test.serial("a stick labelled POSTERN that comes late configures the machine", async (t) => {
  t.timeout(PATIENCE);
  const folder = await sessionFolder("machines", NAME);
  const { qmp, serial } = guest.machine();
  await ejectDisc(qmp, "cd0");
  await plugDisk(qmp, "stick", await fatImage(folder, "POSTERN", { "settings.yaml": settings("by-stick") }));
  await expectServing(serial);
  await assertCameFrom(t, "by-stick", "a disk (/dev/sd");
});

if (isWhole) {
  test.serial(
    "a sealed export on a stick: the console asks for its passphrase, and the machine is back",
    async (t) => {
      t.timeout(PATIENCE);
      const folder = await sessionFolder("machines", `${NAME}-export`);
      const passphrase = "a few words with spaces";
      await root("sh", "-c", `printf '%s\\n' '${passphrase}' | posternctl export /root/export.json`);
      const exported = await root("cat", "/root/export.json");
      await pullDisk(guest.machine().qmp, "stick");
      await startAsNew();
      const machine = guest.machine();
      const { qmp, serial } = machine;
      await firstQuestion(machine);
      await plugDisk(qmp, "export", await fatImage(folder, "POSTERN", { "export.json": exported }));
      await serial.expect("First boot: restore an exported machine?", {
        timeout: BOOT_PATIENCE,
        label: "the offer to restore",
      });
      serial.key("enter");
      await serial.expect("Restore: passphrase of the export");
      serial.line(passphrase);
      await serial.expect("Review: apply these settings?", { timeout: BOOT_PATIENCE });
      await apply(machine);
      await assertCameFrom(t, "by-stick", "the console (ttyS0, restored from export.json on /dev/sd");
    },
  );

  test.serial("settings in the image configure the machine", async (t) => {
    t.timeout(PATIENCE);
    await pullDisk(guest.machine().qmp, "export");
    await lay("/usr/lib/postern/baked/settings.yaml", settings("by-image"), "0600");
    await startAsNew();
    await expectServing(guest.machine().serial);
    await assertCameFrom(t, "by-image", "the image (/usr/lib/postern/baked/settings.yaml)");
  });

  test.serial(
    "a configured machine takes nothing in by itself, and says what is there when it is asked",
    async (t) => {
      t.timeout(PATIENCE);
      await lay("/usr/lib/postern/baked/settings.yaml", settings("by-change"), "0600");
      await root("systemctl", "start", "postern-intake.service");
      t.is(await hostname(), "by-image");
      const said = await root("posternctl", "intake", "--dry-run");
      t.regex(said, /Settings from the image/);
      t.regex(said, /by-change/);
      t.is(await hostname(), "by-image");
    },
  );
}

test.after.always(async () => {
  await cloud?.close();
});

function settings(hostname: string): string {
  return settingsFor(hostname, access.key, access.hash);
}

function environment(hostname: string): string {
  return ovfEnvironment({
    "postern.hostname": hostname,
    "postern.clients": `${GUEST_NETWORK}=servers`,
    "postern.ssh-keys": access.key,
    "postern.password-hash": access.hash,
    "postern.network": "null",
  });
}

async function assertCameFrom(t: ExecutionContext, name: string, origin: string): Promise<void> {
  t.is(await hostname(), name);
  const history = await root("posternctl", "history");
  t.true(history.includes(origin), history);
  await assertServes(t, cloud);
}

async function assertUnconfigured(t: ExecutionContext): Promise<void> {
  t.is(
    (await root("sh", "-c", `ls /var/lib/postern/confirmed.yaml ${SETTINGS} 2>/dev/null || true`)).trim(),
    "",
  );
}

async function hostname(): Promise<string> {
  return (await output(target, "hostname")).trim();
}

/** Takes the machine's settings away, as far as its way in allows, and starts it. */
async function startAsNew(): Promise<void> {
  await root("systemctl", "disable", "--quiet", "squid.service");
  await root("sh", "-c", `rm -rf /var/lib/postern/* ${SETTINGS} && sync`);
  const machine = guest.machine();
  machine.serial.skip();
  await machine.reset();
}

/** Writes a file that root owns. */
async function lay(path: string, text: string, mode: string): Promise<void> {
  const home = "/home/postern/laid";
  await ssh(target, ["dd", "status=none", `of=${home}`], { input: text });
  await root("install", "-D", "-m", mode, home, path);
}

function root(...command: readonly string[]): Promise<string> {
  return rootOutput(target, PASSWORD, ...command);
}
