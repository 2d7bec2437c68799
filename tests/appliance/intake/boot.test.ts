import { existsSync, readFileSync, statSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { history } from "../../../appliance/apply/history.ts";
import { run } from "../../../appliance/commands/intake.ts";
import { PosternError } from "../../../appliance/error.ts";
import { takeInAtBoot } from "../../../appliance/intake/boot.ts";
import { printable } from "../../../appliance/intake/printable.ts";
import { readReport } from "../../../appliance/intake/report.ts";
import { BAKED_SETTINGS } from "../../../appliance/paths.ts";
import { withLock } from "../../../appliance/system/lock.ts";
import { ovfEnvironment } from "../../boot/kit/ovfenv.ts";
import { lay, type Machine } from "../kit/machine.ts";
import { SMALLEST } from "../settings/fixtures.ts";
import { machineWith } from "./kit.ts";

const GOOD = ovfEnvironment({ "postern.hostname": "proxy-01", "postern.clients": "10.20.0.0/16" });
const BAD = ovfEnvironment({ "postern.hostname": "proxy-01", "postern.clients": "\u202e10.20.0.0/16" });

/** Every program says yes: what is tried here is what is taken in. */
function machine(t: ExecutionContext, ovfEnv?: string): Machine {
  const made = machineWith(t, ovfEnv === undefined ? {} : { ovfEnv });
  for (const command of ["squid", "netplan", "iptables-restore", "ip6tables-restore", "ssh-keygen"])
    made.answers.set(command, {});
  return made;
}

async function boot(made: Machine): Promise<{ outcome: string; lines: string[] }> {
  const lines: string[] = [];
  const outcome = await takeInAtBoot(made, (line) => lines.push(line));
  return { outcome, lines };
}

test.serial("whole settings are put in force, and the history says where they came from", async (t) => {
  const made = machine(t, GOOD);
  lay(made.paths.root, BAKED_SETTINGS, SMALLEST);

  t.is((await boot(made)).outcome, "applied");
  t.regex(readFileSync(made.paths.confirmed, "utf8"), /^hostname: proxy-01$/m);
  t.like((await history(made))[0]?.origin, {
    way: "ovf",
    detail: `guestinfo.ovfEnv; not taken: the image (${BAKED_SETTINGS})`,
  });
  t.is(await readReport(made.paths), undefined);
  t.is((await boot(made)).outcome, "configured", "the second start takes nothing");
});

test.serial("settings that are wrong in a place: nothing is applied, the console is told", async (t) => {
  const made = machine(t, BAD);
  const { outcome, lines } = await boot(made);
  const report = await readReport(made.paths);

  t.is(outcome, "asked");
  t.false(existsSync(made.paths.settings));
  t.is(report?.settings.hostname, "proxy-01");
  t.is(report?.notice[0], "From OVF properties (guestinfo.ovfEnv):");
  t.regex(report?.notice[1] ?? "", /^clients\[0\]\.cidr: /);
  t.regex(
    [...(report?.notice ?? []), ...lines].join(""),
    /^[\x20-\x7e]*$/,
    "nothing moves a terminal's cursor",
  );
  t.is(statSync(made.paths.intake).mode & 0o777, 0o600);
});

test.serial("settings that the machine does not take: the console is told, with all of them", async (t) => {
  const made = machine(t, GOOD);
  made.answers.set("systemctl restart", { code: 1, stderr: "Job for squid.service failed" });
  const { outcome } = await boot(made);
  const report = await readReport(made.paths);

  t.is(outcome, "asked");
  t.like(report, { problems: [], settings: { clients: [{ cidr: "10.20.0.0/16" }] } });
  t.regex(report?.notice.join("\n") ?? "", /squid\.service failed/);
  t.false(existsSync(made.paths.confirmed));
});

test.serial("an operator who is applying settings is not disturbed", async (t) => {
  const made = machine(t, GOOD);
  const outcome = await withLock(made, async () => (await boot(made)).outcome);

  t.is(outcome, "configured");
  t.is(await readReport(made.paths), undefined);
});

test.serial("nothing came", async (t) => {
  t.is((await boot(machine(t))).outcome, "nothing");
});

function call(made: Machine, flags: readonly string[]): { code: Promise<number>; lines: string[] } {
  const lines: string[] = [];
  const context = {
    system: made,
    release: { version: "1", base: "b" },
    print: (text: string) => lines.push(text),
  };
  const code = run({ ...context, print: context.print as (text: string) => void }, args(flags));
  return { code, lines };
}

function args(flags: readonly string[]) {
  return { flags: new Set(flags), values: new Map<string, string>(), rest: [] };
}

test.serial("asked for on a configured machine: what is there, and what would change", async (t) => {
  const made = machine(t, GOOD);
  lay(made.paths.root, "/etc/postern/settings.yaml", SMALLEST);
  lay(made.paths.root, "/var/lib/postern/confirmed.yaml", SMALLEST);
  const { code, lines } = call(made, ["dry-run"]);

  t.is(await code, 0);
  t.is(lines[0], "Settings from OVF properties (guestinfo.ovfEnv)");
  t.regex(lines.join("\n"), /Would change: .*\/etc\/hostname/);
  t.is(readFileSync(made.paths.confirmed, "utf8"), SMALLEST);
});

test.serial("asked for where nothing is, or something wrong", async (t) => {
  const nothing = await t.throwsAsync(call(machine(t), []).code, { instanceOf: PosternError });
  const wrong = await t.throwsAsync(call(machine(t, BAD), ["yes"]).code, { instanceOf: PosternError });

  t.regex(nothing?.message ?? "", /^No settings came/);
  t.regex(wrong?.message ?? "", /^OVF properties \(guestinfo\.ovfEnv\): 1 problem\n {2}clients\[0\]\.cidr: /);
});

test("what strangers wrote is printed as what can be printed", (t) => {
  t.is(printable("a\u001b[2Jb\u0085\u202ec\n"), "a?[2Jb??c");
});
