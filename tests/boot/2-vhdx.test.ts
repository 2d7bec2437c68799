import test from "ava";
import { answerQuestions, apply, firstQuestion } from "./firstboot.ts";
import { identityOf, recallIdentity, rootOutput, sshTarget } from "./inspect.ts";
import { DNS_ADDRESS, GUEST_GATEWAY, GUEST_NETWORK } from "./kit/addresses.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { noteFigure } from "./kit/figures.ts";
import { sessionFolder } from "./kit/session.ts";
import { makeSshKey, type SshTarget } from "./kit/ssh.ts";
import { STATIC_ADDRESS } from "./machines.ts";
import { assertRefuses, assertServes, assertSilentOutside } from "./probes.ts";
import { watch } from "./watch.ts";

const NAME = "vhdx-secureboot";
const BOOTS = "the VHDX boots under enforced Secure Boot, and asks";
const APPLIES = "a static address is applied, and clients are served on it";
const PASSWORD = "staple battery horse";

let cloud: Cloud;
let target: SshTarget;

const guest = watch(test, [BOOTS, APPLIES]);

test.serial(BOOTS, async (t) => {
  t.timeout(420_000);
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
  t.timeout(240_000);
  await apply(guest.machine());
  await assertServes(t, cloud);
  await assertRefuses(t, cloud);
  await assertSilentOutside(t);
});

test.serial("the kernel says that Secure Boot is on and that it is locked down", async (t) => {
  t.timeout(240_000);
  const log = await rootOutput(target, PASSWORD, "dmesg");
  t.regex(log, /secureboot: Secure boot enabled/);
  t.regex(log, /Kernel is locked down from EFI Secure Boot/);
});

test.serial("two machines from one build share no identity", async (t) => {
  t.timeout(240_000);
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

test.after.always(async () => {
  await cloud?.close();
});
