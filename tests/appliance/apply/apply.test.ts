import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { recover } from "../../../appliance/apply/recover.ts";
import type { StepReport } from "../../../appliance/apply/steps.ts";
import { PosternError } from "../../../appliance/error.ts";
import { lay, type Machine, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";
import { ED25519, YESCRYPT } from "../settings/fixtures.ts";

const TEXT = `# ours
schema: 1
clients:
  - cidr: 10.20.0.0/16
    label: servers
admin:
  sshKeys: ["${ED25519}"]
  passwordHash: ${YESCRYPT}
`;
const OTHER = TEXT.replace("10.20.0.0/16", "10.30.0.0/16");

async function run(machine: Machine, text: string): Promise<{ changed: string[]; steps: StepReport[] }> {
  const steps: StepReport[] = [];
  machine.ran.length = 0;
  const { changed } = await apply(machine, requestOf(text), (step) => steps.push(step));
  return { changed, steps };
}

function read(machine: Machine, path: string): string {
  return readFileSync(machine.paths.at(path), "utf8");
}

/** A machine from the image: Squid is not yet enabled. */
function fresh(t: ExecutionContext): Machine {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("systemctl is-enabled", { code: 1 });
  return machine;
}

/** Applies settings and lets Squid be enabled and the password be set from then on. */
async function configured(t: ExecutionContext): Promise<Machine> {
  const machine = fresh(t);
  await run(machine, TEXT);
  machine.answers.delete("systemctl is-enabled");
  lay(machine.paths.root, "/etc/shadow", `postern:${YESCRYPT}:1::::::\n`);
  return machine;
}

test("the first settings lay every file with its mode and start the proxy last", async (t) => {
  const machine = fresh(t);

  const { changed } = await run(machine, TEXT);

  t.is(read(machine, "/etc/postern/settings.yaml"), TEXT);
  t.is(read(machine, "/var/lib/postern/confirmed.yaml"), TEXT);
  t.regex(read(machine, "/etc/squid/postern/clients.txt"), /^10\.20\.0\.0\/16$/m);
  t.regex(
    read(machine, "/etc/ufw/user.rules"),
    /-s 10\.0\.2\.0\/24 -j ACCEPT/,
    "SSH from the machine's own network",
  );
  const modes: [string, number][] = [
    ["/etc/postern/settings.yaml", 0o600],
    ["/etc/netplan/60-postern.yaml", 0o600],
    ["/etc/ufw/user.rules", 0o640],
    ["/etc/squid/squid.conf", 0o640],
    ["/etc/ssh/authorized_keys/postern", 0o644],
    ["/var/lib/postern/confirmed.yaml", 0o600],
  ];
  for (const [path, mode] of modes) t.is(statSync(machine.paths.at(path)).mode & 0o7777, mode, path);
  if (process.getuid?.() === 0) t.is(statSync(machine.paths.at("/etc/squid/squid.conf")).gid, 13);
  t.true(changed.includes("/etc/squid/squid.conf"));
  t.deepEqual(machine.ran.slice(machine.ran.indexOf("netplan apply")), [
    "netplan apply",
    `hostname -F ${machine.paths.at("/etc/hostname")}`,
    ...firewallTold(machine),
    "chpasswd -e",
    "systemctl is-enabled --quiet squid.service",
    "systemctl enable squid.service",
    "systemctl restart squid.service",
  ]);
  t.true(machine.inputs.includes(`postern:${YESCRYPT}\n`));
  for (const path of ["journal.json", "staging"]) t.false(existsSync(join(machine.paths.state, path)), path);
  t.false(existsSync(machine.paths.squidStaging));
});

/** How the kernel takes new rules: `ufw reload` would switch the firewall off in its file for a moment. */
function firewallTold({ paths }: Machine): string[] {
  const restore = (tool: string, file: string) => `${tool} -n ${paths.at(file)}`;
  return [
    "ufw status",
    restore("iptables-restore", "/etc/ufw/user.rules"),
    restore("ip6tables-restore", "/etc/ufw/user6.rules"),
    restore("iptables-restore", "/etc/ufw/after.rules"),
    restore("ip6tables-restore", "/etc/ufw/after6.rules"),
  ];
}

test("applied twice, nothing happens the second time", async (t) => {
  const machine = await configured(t);
  const before = statSync(machine.paths.at("/etc/squid/squid.conf")).ino;

  const { changed } = await run(machine, TEXT);

  t.deepEqual(changed, []);
  t.is(statSync(machine.paths.at("/etc/squid/squid.conf")).ino, before);
  t.deepEqual(
    machine.ran.filter((line) => !/^systemctl is-(enabled|active) --quiet squid\.service$/.test(line)),
    [],
  );
});

test("a change reloads only what it concerns", async (t) => {
  const machine = await configured(t);

  await run(machine, OTHER);

  t.deepEqual(machine.ran.slice(-7), [
    ...firewallTold(machine),
    "systemctl is-enabled --quiet squid.service",
    "systemctl reload squid.service",
  ]);
  t.false(machine.ran.includes("netplan apply"));
});

test("another number of workers restarts Squid, which reads it only then", async (t) => {
  const machine = await configured(t);

  await apply({ ...machine, vcpus: () => 4 }, requestOf(TEXT), () => {});

  t.is(machine.ran.at(-1), "systemctl restart squid.service");
});

test("a proxy that was switched off by hand is started again", async (t) => {
  const machine = await configured(t);
  machine.answers.set("systemctl is-active", { code: 3 });

  await run(machine, TEXT);

  t.is(machine.ran.at(-1), "systemctl restart squid.service");
});

const REFUSALS: [string, string, RegExp][] = [
  [
    "squid -k parse",
    "FATAL: Bungled",
    /squid does not take the new \/etc\/squid\/squid\.conf:\nFATAL: Bungled/,
  ],
  ["netplan generate", "ERROR: bad", /netplan does not take/],
  ["iptables-restore", "line 7 failed", /iptables-restore does not take the new \/etc\/ufw\/user\.rules/],
];
for (const [words, said, message] of REFUSALS) {
  test(`what ${words} refuses changes nothing`, async (t) => {
    const machine = await configured(t);
    machine.answers.set(words, { code: 1, stderr: said });

    const error = await t.throwsAsync(run(machine, `${OTHER}network: { dns: [192.0.2.53] }\n`), {
      instanceOf: PosternError,
      code: "host.rendered",
    });

    t.regex(error.message, message);
    t.is(read(machine, "/etc/postern/settings.yaml"), TEXT);
    t.regex(read(machine, "/etc/squid/postern/clients.txt"), /10\.20\.0\.0/);
    t.false(existsSync(machine.paths.squidStaging));
  });
}

test("when Squid does not start, the previous files are back and it is told of them", async (t) => {
  const machine = await configured(t);
  machine.answers.set("systemctl reload", { code: 1, stderr: "Job failed" });

  await t.throwsAsync(run(machine, OTHER), { code: "host.activate", message: /Job failed/ });

  t.is(read(machine, "/etc/postern/settings.yaml"), TEXT);
  t.is(read(machine, "/var/lib/postern/confirmed.yaml"), TEXT);
  t.regex(read(machine, "/etc/ufw/user.rules"), /10\.20\.0\.0/);
  const [, rules = ""] = firewallTold(machine);
  t.is(machine.ran.filter((line) => line === rules).length, 2);
  t.false(existsSync(machine.paths.journal));
});

test("when the first settings fail, the machine is unconfigured again and serves nobody", async (t) => {
  const machine = fresh(t);
  machine.answers.set("systemctl restart", { code: 1, stderr: "no" });

  await t.throwsAsync(run(machine, TEXT), { code: "host.activate" });

  t.false(existsSync(machine.paths.settings));
  t.is(read(machine, "/etc/squid/squid.conf"), "# closed\n");
  t.is(read(machine, "/etc/hostname"), "debian\n");
  t.true(machine.ran.includes("systemctl disable --now squid.service"));
});

test("a firewall that is off is switched on", async (t) => {
  const machine = fresh(t);
  machine.answers.set("ufw status", { stdout: "Status: inactive\n" });

  await run(machine, TEXT);

  t.true(machine.ran.includes("ufw --force enable"));
});

test("a static address needs to know its card where there are two", async (t) => {
  const machine = makeMachine(tempFolder(t), [
    { name: "eth0", mac: "52:54:00:00:00:01" },
    { name: "eth1", mac: "52:54:00:00:00:02" },
  ]);
  const text = `${TEXT}network: { mode: static, address: 10.0.0.5/24, gateway: 10.0.0.1, dns: [10.0.0.2] }\n`;

  await t.throwsAsync(run(machine, text), { code: "input.settings", message: /which card/ });
});

test("two at once: the second one is told who is at work", async (t) => {
  const machine = fresh(t);

  const results = await Promise.allSettled([run(machine, TEXT), run(machine, OTHER)]);

  const failed = results.filter((result) => result.status === "rejected");
  t.is(failed.length, 1);
  t.is(failed[0]?.reason.code, "host.busy");
});

test("a lock of a process that has ended is taken over", async (t) => {
  const machine = fresh(t);
  lay(machine.paths.root, "/run/postern/lock", "4194303 1");

  await t.notThrowsAsync(run(machine, TEXT));
});

test("recover does nothing on a whole machine, and refuses a journal that is none", async (t) => {
  const machine = await configured(t);

  t.is(await recover(machine), "nothing");
  writeFileSync(
    machine.paths.journal,
    '{"state":"swapping","files":[{"path":"/etc/../x","copy":"0","owner":{}}]}',
  );
  await t.throwsAsync(recover(machine), { code: "host.journal" });
});
