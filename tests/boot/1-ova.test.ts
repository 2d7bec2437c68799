import test from "ava";
import type { CheckResult } from "../../appliance/check/check.ts";
import { attackAppliance } from "../../builder/attack/remote.ts";
import { countsText } from "../../builder/attack/report.ts";
import { answerQuestions, apply, expectServing, firstQuestion } from "./firstboot.ts";
import { identityOf, output, rememberIdentity, rootOutput, sshTarget } from "./inspect.ts";
import { GUEST_ADDRESS, GUEST_NETWORK } from "./kit/addresses.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { noteFigure } from "./kit/figures.ts";
import { PATIENCE } from "./kit/patience.ts";
import { sessionFolder } from "./kit/session.ts";
import { makeSshKey, type SshTarget } from "./kit/ssh.ts";
import { assertOutgoing } from "./outgoing.ts";
import {
  ALLOWED_NAME,
  ALLOWED_WEB,
  assertClosed,
  assertRefuses,
  assertServes,
  assertServesWeb,
  assertSilentOutside,
  INSIDE,
} from "./probes.ts";
import { watch } from "./watch.ts";

const NAME = "ova-bios";
const BOOTS = "the OVA boots on BIOS with a SCSI disk, and asks";
const APPLIES = "applying ends in a status screen that says serving";
const PASSWORD = "correct horse battery";

let cloud: Cloud;
let target: SshTarget;

const guest = watch(test, [BOOTS, APPLIES]);

test.serial(BOOTS, async (t) => {
  t.timeout(PATIENCE);
  cloud = await startCloud(await sessionFolder("cloud-ova"));
  const key = await makeSshKey(await sessionFolder("machines", NAME));
  target = await sshTarget(NAME, key);
  const machine = await guest.boot(NAME);
  const seconds = await firstQuestion(machine);
  await noteFigure(`${NAME}: power-on to the first question, s`, seconds);
  t.log(`first question after ${seconds.toFixed(1)} s`);
  t.regex(machine.serial.text(), /^Postern \d+\.\d+\.\d+/m, "the version stands above the first question");
  await answerQuestions(machine, {
    network: "dhcp",
    clients: `${GUEST_NETWORK} servers`,
    password: PASSWORD,
    sshKey: key.publicLine,
  });
});

test.serial("until the settings are applied, no client is served", async (t) => {
  await assertClosed(t);
});

test.serial(APPLIES, async (t) => {
  t.timeout(PATIENCE);
  await apply(guest.machine());
  t.true(guest.machine().serial.text().includes(GUEST_ADDRESS), "the status screen shows the address");
});

test.serial("an allowed name gets a tunnel, and what is sent comes back", async (t) => {
  await assertServes(t, cloud);
});

test.serial("a revocation list comes by plain GET", async (t) => {
  await assertServesWeb(t, cloud);
});

test.serial("everything else is refused, and never reaches the cloud", async (t) => {
  await assertRefuses(t, cloud);
});

test.serial("./postern attack finds no way past it", async (t) => {
  t.timeout(PATIENCE);
  const { host, port, localAddress } = INSIDE;
  const web = new URL(ALLOWED_WEB).hostname;
  const appliance = { host, port, localAddress, allowed: ALLOWED_NAME, web, helloCheck: false };
  const { rows, counts } = await attackAppliance(appliance, new AbortController().signal);
  t.log(countsText(counts));
  t.true(counts.held > 150);
  t.deepEqual(
    rows.filter(({ verdict }) => verdict === "hole").map(({ id, came }) => `${id}: ${came}`),
    [],
  );
});

test.serial("a client outside the allowed networks gets nothing", async (t) => {
  await assertSilentOutside(t);
});

test.serial("the administrator gets in with the key, and its own checks are well", async (t) => {
  t.timeout(PATIENCE);
  t.is((await output(target, "id", "-un")).trim(), "postern");
  // The fake cloud has no public certificate: to the machine that is inspection on the way, and it says so.
  const check = "posternctl check --json || test $? = 1";
  const report: CheckResult[] = JSON.parse(await rootOutput(target, PASSWORD, "sh", "-c", check));
  t.log(report);
  const failures = report.filter(({ state }) => state === "fail").map(({ id, detail }) => `${id}: ${detail}`);
  t.is(failures.length, 1);
  t.regex(failures[0] ?? "", /^tls: .*TLS is inspected on the way/);
  const failed = await rootOutput(
    target,
    PASSWORD,
    "systemctl",
    "list-units",
    "--failed",
    "--plain",
    "--no-legend",
  );
  t.is(failed.trim(), "", "no unit has failed");
});

test.serial("each account reaches what it is there for, and nothing else goes out", async (t) => {
  t.timeout(PATIENCE);
  await assertOutgoing(t, target, PASSWORD);
});

test.serial("the machine made its own identity", async (t) => {
  t.timeout(PATIENCE);
  const identity = await identityOf(target);
  t.regex(identity.machineId, /^[0-9a-f]{32}$/);
  t.true(identity.hostKeys.length > 0);
  await rememberIdentity(NAME, identity);
});

test.serial("a reset brings everything back as it was", async (t) => {
  t.timeout(PATIENCE);
  const before = await identityOf(target);
  const machine = guest.machine();
  machine.serial.skip();
  await machine.reset();
  await expectServing(machine.serial);
  await assertServes(t, cloud);
  await assertSilentOutside(t);
  t.deepEqual(await identityOf(target), before);
});

test.after.always(async () => {
  await cloud?.close();
});
