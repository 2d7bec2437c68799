import test from "ava";
import { hashPassword } from "../../appliance/access/password.ts";
import { WATCH_PORT } from "../../appliance/paths.ts";
import { realSystem } from "../../appliance/system/node.ts";
import { expectServing } from "./firstboot.ts";
import { rootOutput, sshTarget } from "./inspect.ts";
import { GUEST_NETWORK } from "./kit/addresses.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { noteFigure } from "./kit/figures.ts";
import { fatImage } from "./kit/media.ts";
import { connectOnly, echoThrough, getThrough } from "./kit/proxyclient.ts";
import { sessionFolder } from "./kit/session.ts";
import { makeSshKey, type SshTarget } from "./kit/ssh.ts";
import { ALLOWED_NAME, assertServes, INSIDE } from "./probes.ts";
import { watch } from "./watch.ts";

/* Squid as the image runs it: how it is held, what it says to a client that it refuses, and who looks after it. */

const NAME = "ova-sources";
const FIRST = "a machine with two workers serves";
const PASSWORD = "correct horse battery";
const PATIENCE = 1_200_000;
const SERVING = 900_000;
const PROFILE = "postern-squid";

let cloud: Cloud;
let target: SshTarget;

const guest = watch(test, [FIRST]);

test.serial(FIRST, async (t) => {
  t.timeout(PATIENCE);
  cloud = await startCloud(await sessionFolder("cloud-proxy"));
  const folder = await sessionFolder("machines", NAME);
  const key = await makeSshKey(folder);
  target = await sshTarget(NAME, key);
  const settings = `schema: 1
clients: [{ cidr: ${GUEST_NETWORK} }]
admin:
  sshKeys: ["${key.publicLine}"]
  passwordHash: ${await hashPassword(realSystem(), PASSWORD)}
`;
  const seed = await fatImage(folder, "POSTERN", { "settings.yaml": settings });
  const machine = await guest.boot(NAME, { drives: [{ id: "seed", kind: "disk", file: seed }] });
  await expectServing(machine.serial, SERVING);
  await assertServes(t, cloud);
  t.deepEqual([...(await processes()).keys()].sort(), ["(squid-1)", "(squid-2)", "(squid-coord-3)"]);
});

test.serial("every process of Squid is confined, has no capability, and cannot get one", async (t) => {
  t.timeout(PATIENCE);
  const status = "grep -E '^(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp|Uid):'";
  const one = `echo "process $pid"; cat /proc/$pid/attr/current; ${status} /proc/$pid/status`;
  const said = await root("sh", "-c", `for pid in $(cat ${CGROUP}); do ${one}; done`);
  const each = said.split(/^process /m).slice(1);
  t.true(each.length >= 4, said);
  for (const process of each) {
    t.true(process.includes(`${PROFILE} (enforce)`), process);
    t.regex(process, /^CapPrm:\s+0+$/m);
    t.regex(process, /^CapEff:\s+0+$/m);
    t.regex(process, /^CapBnd:\s+0+$/m);
    t.regex(process, /^NoNewPrivs:\s+1$/m);
    t.regex(process, /^Seccomp:\s+2$/m);
    t.notRegex(process, /^Uid:\s+0\b/m);
  }
});

test.serial("the unit's exposure is 2.0 at most", async (t) => {
  t.timeout(PATIENCE);
  const said = await root("systemd-analyze", "security", "--no-pager", "--threshold=20", "squid.service");
  const exposure = /Overall exposure level for squid.service: ([\d.]+)/.exec(said)?.[1];
  t.truthy(exposure, said);
  await noteFigure("squid.service: exposure", Number(exposure));
});

test.serial("a refused client reads the rule, the host and what to do", async (t) => {
  const outcome = await getThrough(INSIDE, "http://www.example.com/");
  t.is(outcome.kind, "answer");
  if (outcome.kind !== "answer") return;
  t.regex(outcome.body, /<h1>Refused: www\.example\.com is not on the list<\/h1>/);
  t.regex(outcome.body, /Rule: name\./);
  t.regex(outcome.body, /posternctl endpoints explain www\.example\.com/);
  t.notRegex(outcome.body, /<(script|style|img|link|a)\b|squid/i);
});

test.serial(
  "under traffic the log is rotated and Squid reads its rules again, with nothing denied",
  async (t) => {
    t.timeout(PATIENCE);
    const before = await workerPids();
    const lines = async () => Number(await root("sh", "-c", `zcat -f ${LOG}* | grep -c rotation-test`));
    let asked = 0;
    let isOver = false;
    const traffic = (async () => {
      while (!isOver) {
        await connectOnly(INSIDE, "rotation-test.example.com:443");
        asked++;
      }
    })();
    try {
      await root("logrotate", "--force", "/etc/logrotate.d/squid");
      await root("systemctl", "reload", "squid.service");
      await root("logrotate", "--force", "/etc/logrotate.d/squid");
      await assertServes(t, cloud);
    } finally {
      isOver = true;
      await traffic;
    }
    t.true(asked > 0);
    t.is(await lines(), asked, "a line for each request, in all the files together");
    t.deepEqual(await workerPids(), before, "no worker was started anew");
    t.is((await refusedByProfile()).trim(), "");
  },
);

test.serial("a worker that is stuck is ended, and another serves", async (t) => {
  t.timeout(PATIENCE);
  const before = await processes();
  const stuck = before.get("(squid-1)");
  await root("kill", "-STOP", String(stuck));
  await root("systemctl", "start", "postern-proxy-watch.service");
  const journal = await root("journalctl", "-b", "-q", "--no-pager", "-t", "proxy-watch");
  t.regex(journal, /worker 1 is stuck: no answer 3 times, nothing read or written\. It is ended/);
  const ask = `exec 3<>/dev/tcp/127.0.0.1/${WATCH_PORT}; printf 'CONNECT a.invalid:443 HTTP/1.1\\r\\n\\r\\n' >&3; head -n1 <&3`;
  await root("sh", "-c", `until test "$(systemctl is-active squid.service)" = active; do sleep 1; done`);
  const answer = await root("bash", "-c", `until (${ask}) 2>/dev/null | grep 403; do sleep 1; done`);
  t.regex(answer, /^HTTP\/1\.1 403/);
  const after = await processes();
  t.not(after.get("(squid-1)"), stuck);
  t.is(after.get("(squid-2)"), before.get("(squid-2)"), "the other worker kept its tunnels");
  await assertServes(t, cloud);
});

test.serial("a watch that finds every worker well says nothing and ends none", async (t) => {
  t.timeout(PATIENCE);
  const before = await processes();
  const mark = (await root("date", "+%Y-%m-%d %H:%M:%S")).trim();
  await root("systemctl", "start", "postern-proxy-watch.service");
  const journal = await root("journalctl", "-q", "--no-pager", "-t", "proxy-watch", "--since", mark);
  t.is(journal.trim(), "");
  t.deepEqual(await processes(), before);
});

test.serial(
  "with the check of the hello on, a tunnel's TLS works, and another name's does not",
  async (t) => {
    t.timeout(PATIENCE);
    const change =
      "printf 'proxy: { sniCheck: true }\\n' >> /etc/postern/settings.yaml && posternctl apply --yes";
    // 4: what answers behind the proxy has the certificate of a test, which the checks tell.
    await root("sh", "-c", `${change} || test $? = 4`);
    t.regex(await root("cat", "/etc/squid/squid.conf"), /^ssl_bump terminate/m);
    await assertServes(t, cloud);
    const before = cloud.seen.requests;
    const other = echoThrough(INSIDE, ALLOWED_NAME, cloud.ca, "hidden", "www.example.com");
    await t.throwsAsync(other, { message: /disconnected|ECONNRESET|closed|hang up/ });
    t.is(cloud.seen.requests, before);
    t.is((await refusedByProfile()).trim(), "");
  },
);

test.after.always(async () => {
  await cloud?.close();
});

/** What AppArmor refused Squid. auditd keeps what the kernel reports; only before its start does the journal have it. */
function refusedByProfile(): Promise<string> {
  const told = "{ journalctl -k -b -q --no-pager; cat /var/log/audit/audit.log; }";
  return root("sh", "-c", `${told} | grep -a 'apparmor="DENIED".*profile="${PROFILE}"' || true`);
}

const CGROUP = "/sys/fs/cgroup/system.slice/squid.service/cgroup.procs";
const LOG = "/var/log/squid/access.log";

/** Squid's own processes by the names that they give themselves. */
async function processes(): Promise<ReadonlyMap<string, number>> {
  const list = `for pid in $(cat ${CGROUP}); do printf '%s %s\\n' $pid "$(tr '\\0' ' ' </proc/$pid/cmdline)"; done`;
  const lines = (await root("sh", "-c", list)).trim().split("\n");
  return new Map(
    lines.flatMap((line): [string, number][] => {
      const [, pid, name] = /^(\d+) (\(squid-\S+\))/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(pid)]];
    }),
  );
}

async function workerPids(): Promise<number[]> {
  return [...(await processes()).values()].sort((one, other) => one - other);
}

function root(...command: readonly string[]): Promise<string> {
  return rootOutput(target, PASSWORD, ...command);
}
