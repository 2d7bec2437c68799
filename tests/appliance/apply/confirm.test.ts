import { existsSync, readFileSync, writeFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { type ApplyResult, apply } from "../../../appliance/apply/apply.ts";
import { confirm, pending, revert, revertExpired } from "../../../appliance/apply/confirm.ts";
import { recover } from "../../../appliance/apply/recover.ts";
import { type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";

const OLD = "schema: 1\nclients:\n  - cidr: 10.20.0.0/16\n";
const NEW = OLD.replace("10.20", "10.30");
/** No network, firewall or SSH. */
const HARMLESS = `${OLD}time: { servers: [192.0.2.1] }\n`;
const MINUTE = 60_000;

async function configured(t: ExecutionContext): Promise<Machine> {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("", {});
  await apply(machine, requestOf(OLD), () => {});
  return machine;
}

function change(machine: Machine, text: string, confirmWithin = MINUTE): Promise<ApplyResult> {
  machine.ran.length = 0;
  return apply(machine, { ...requestOf(text), confirmWithin }, () => {});
}

function state(machine: Machine): { settings: string; confirmed: string; firewall: string } {
  const read = (path: string): string => readFileSync(path, "utf8");
  const rules = read(machine.paths.at("/etc/ufw/user.rules"));
  return {
    settings: read(machine.paths.settings),
    confirmed: read(machine.paths.confirmed),
    firewall: /10\.[23]0/.exec(rules)?.[0] ?? "none",
  };
}

const IS_OLD = { settings: OLD, confirmed: OLD, firewall: "10.20" };
const IS_NEW = { settings: NEW, confirmed: NEW, firewall: "10.30" };

test("a change that could lock out waits, and confirm keeps it", async (t) => {
  const machine = await configured(t);

  const { deadline = 0 } = await change(machine, NEW);

  t.deepEqual(state(machine), { ...IS_NEW, confirmed: OLD });
  const waiting = await pending(machine);
  t.true(Math.abs((waiting?.deadline ?? 0) - deadline) < 2000);
  t.deepEqual(waiting?.origin, { way: "command", detail: "settings.yaml" });
  t.true(await confirm(machine));
  t.deepEqual(state(machine), IS_NEW);
  t.is(await pending(machine), undefined);
  t.false(await confirm(machine), "there is nothing left to confirm");
});

test("the timer is set before a file is touched, and again when the machine is there", async (t) => {
  const machine = await configured(t);

  await change(machine, NEW);

  const timers = machine.ran.filter((line) => line.startsWith("systemd-run"));
  t.is(timers.length, 2);
  for (const line of timers) t.regex(line, / \/usr\/sbin\/posternctl recover --expired$/);
  t.regex(timers[0] ?? "", /--on-active=360\.0s/);
  t.regex(timers[1] ?? "", /--on-active=60\.0s/);
  t.true(machine.ran.indexOf(timers[0] ?? "") < machine.ran.indexOf("ufw status"));
});

test("without the timer nothing is changed", async (t) => {
  const machine = await configured(t);
  machine.answers.delete("");
  machine.answers.set("systemd-run", { code: 1, stderr: "no bus" });

  await t.throwsAsync(change(machine, NEW), { code: "host.timer", message: /no bus/ });

  t.deepEqual(state(machine), IS_OLD);
});

test("revert puts the previous settings back and tells the programs", async (t) => {
  const machine = await configured(t);
  await change(machine, NEW);
  machine.ran.length = 0;

  t.is(await revert(machine), "undone");

  t.deepEqual(state(machine), IS_OLD);
  t.true(machine.ran.includes("ufw status"));
  t.is(await revert(machine), "nothing");
});

test("the timer's call goes back only when the time is over", async (t) => {
  const machine = await configured(t);

  await change(machine, NEW);
  t.is(await revertExpired(machine), "nothing");
  t.deepEqual(state(machine), { ...IS_NEW, confirmed: OLD });
  await revert(machine);
  await change(machine, NEW, 0);
  t.is(await revertExpired(machine), "undone");
  t.deepEqual(state(machine), IS_OLD);
});

test("a start of the machine takes back what nobody confirmed", async (t) => {
  const machine = await configured(t);
  await change(machine, NEW);

  t.is(await recover(machine), "undone");

  t.deepEqual(state(machine), IS_OLD);
});

test("a file that was edited where it lies goes back too, and the edit is kept beside", async (t) => {
  const machine = await configured(t);
  writeFileSync(machine.paths.settings, NEW);

  await change(machine, NEW);
  await revert(machine);

  t.deepEqual(state(machine), IS_OLD);
  t.is(readFileSync(machine.paths.rejected, "utf8"), NEW);
});

test("another change has to wait for the word", async (t) => {
  const machine = await configured(t);
  await change(machine, NEW);

  await t.throwsAsync(change(machine, HARMLESS), { code: "host.unconfirmed", message: /settings\.yaml/ });

  t.deepEqual(state(machine), { ...IS_NEW, confirmed: OLD });
});

test("what cannot lock out, and the first settings, stand at once", async (t) => {
  const machine = await configured(t);
  t.is((await change(machine, HARMLESS)).deadline, undefined);
  t.is(await pending(machine), undefined);

  const fresh = makeMachine(tempFolder(t));
  fresh.answers.set("", {});
  t.is((await change(fresh, NEW)).deadline, undefined);
  t.true(existsSync(fresh.paths.confirmed));
});

test("a failure while the change comes up goes back at once", async (t) => {
  const machine = await configured(t);
  machine.answers.delete("");
  machine.answers.set("iptables-restore -n", { code: 1, stderr: "broken" });

  await t.throwsAsync(change(machine, NEW), { code: "host.activate" });

  t.deepEqual(state(machine), IS_OLD);
  t.is(await pending(machine), undefined);
});

test("a journal without its deadline is refused", async (t) => {
  const machine = await configured(t);
  const origin = { way: "command" };
  writeFileSync(
    machine.paths.journal,
    JSON.stringify({ state: "unconfirmed", origin, squid: "none", files: [] }),
  );

  await t.throwsAsync(revert(machine), { code: "host.journal" });
  t.is(await pending(machine), undefined);
});
