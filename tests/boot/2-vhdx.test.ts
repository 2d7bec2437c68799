import test from "ava";
import { answerQuestions, apply, firstQuestion } from "./firstboot.ts";
import { identityOf, recallIdentity, rootOutput, sshTarget } from "./inspect.ts";
import { DNS_ADDRESS, GUEST_GATEWAY, GUEST_NETWORK } from "./kit/addresses.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { noteFigure } from "./kit/figures.ts";
import { PATIENCE } from "./kit/patience.ts";
import { connectOnly } from "./kit/proxyclient.ts";
import { sessionFolder } from "./kit/session.ts";
import { makeSshKey, type SshTarget, ssh } from "./kit/ssh.ts";
import { STATIC_ADDRESS } from "./machines.ts";
import { ALLOWED_NAME, assertRefuses, assertServes, assertSilentOutside, INSIDE } from "./probes.ts";
import { watch } from "./watch.ts";

const NAME = "vhdx-secureboot";
const BOOTS = "the VHDX boots under enforced Secure Boot, and asks";
const APPLIES = "a static address is applied, and clients are served on it";
const PASSWORD = "staple battery horse";

let cloud: Cloud;
let target: SshTarget;

const guest = watch(test, [BOOTS, APPLIES]);

test.serial(BOOTS, async (t) => {
  t.timeout(PATIENCE);
  cloud = await startCloud(await sessionFolder("cloud-vhdx"));
  const key = await makeSshKey(await sessionFolder("machines", NAME));
  target = await sshTarget(NAME, key);
  const machine = await guest.boot(NAME);
  const seconds = await firstQuestion(machine);
  await noteFigure(`${NAME}: power-on to the first question, s`, seconds);
  t.log(`first question after ${seconds.toFixed(1)} s`);
  t.regex(machine.serial.text(), /^Postern \d+\.\d+\.\d+/m, "the version stands above the first question");
  await answerQuestions(machine, {
    network: { address: `${STATIC_ADDRESS}/24`, gateway: GUEST_GATEWAY, dns: DNS_ADDRESS },
    clients: GUEST_NETWORK,
    password: PASSWORD,
    sshKey: key.publicLine,
  });
});

test.serial(APPLIES, async (t) => {
  t.timeout(PATIENCE);
  await apply(guest.machine());
  await assertServes(t, cloud);
  await assertRefuses(t, cloud);
  await assertSilentOutside(t);
});

test.serial("the kernel says that Secure Boot is on and that it is locked down", async (t) => {
  t.timeout(PATIENCE);
  const log = await rootOutput(target, PASSWORD, "dmesg");
  t.regex(log, /secureboot: Secure boot enabled/);
  t.regex(log, /Kernel is locked down from EFI Secure Boot/);
});

test.serial("a wrong gateway over SSH: the machine sees it and goes back at once", async (t) => {
  t.timeout(PATIENCE);
  const old = await settings();
  const wrong = await lay("gateway", old.replace(`gateway: ${GUEST_GATEWAY}`, "gateway: 198.51.100.99"));
  const apply = ["sudo", "-S", "-p", "", "posternctl", "apply", wrong, "--confirm-within", "120"];
  const { stdout, stderr } = await ssh(target, apply, { input: `${PASSWORD}\n`, okCodes: [4] });
  t.regex(stdout + stderr, /198\.51\.100\.99 does not answer/);
  t.is(await settings(), old);
  await assertServes(t, cloud);
});

test.serial("an address that cuts the session off: the old one is back after the countdown", async (t) => {
  t.timeout(PATIENCE);
  const old = await settings();
  const moved = await lay(
    "address",
    old.replace(`address: ${STATIC_ADDRESS}/24`, "address: 198.51.100.77/24"),
  );
  // Without the session's traces: this is about the countdown alone.
  const apply = ["posternctl", "apply", moved, "--confirm-within", "45"];
  await rootOutput(target, PASSWORD, "systemd-run", "--quiet", "--no-block", "--collect", ...apply);
  const route = { ...INSIDE, timeout: 5000 };
  const isServed = async () => (await connectOnly(route, `${ALLOWED_NAME}:443`)).kind === "answer";
  await until(async () => !(await isServed()));
  const start = performance.now();
  await until(isServed);
  await noteFigure(`${NAME}: cut off by a wrong address, s`, (performance.now() - start) / 1000);
  t.is(await settings(), old);
  await assertServes(t, cloud);
});

test.serial("two machines from one build share no identity", async (t) => {
  t.timeout(PATIENCE);
  const mine = await identityOf(target);
  t.regex(mine.machineId, /^[0-9a-f]{32}$/);
  const other = await recallIdentity("ova-bios");
  if (other === undefined) {
    t.log("skipped the comparison: 1-ova.test.ts was not part of this run");
    return;
  }
  t.not(mine.machineId, other.machineId);
  for (const key of mine.hostKeys) t.false(other.hostKeys.includes(key), `a host key is shared: ${key}`);
});

function settings(): Promise<string> {
  return rootOutput(target, PASSWORD, "cat", "/etc/postern/settings.yaml");
}

/** Lays changed settings in the administrator's home; returns the path. */
async function lay(name: string, text: string): Promise<string> {
  const path = `/home/postern/${name}.yaml`;
  await ssh(target, ["dd", "status=none", `of=${path}`], { input: text });
  return path;
}

/** Asks again until it is so; the test's own limit ends it. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

test.after.always(async () => {
  await cloud?.close();
});
