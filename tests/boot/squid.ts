import type { TestFn } from "ava";
import { WATCH_PORT } from "../../appliance/paths.ts";
import type { Cloud } from "./kit/cloud.ts";
import { PATIENCE } from "./kit/patience.ts";
import { connectOnly, echoThrough, getThrough } from "./kit/proxyclient.ts";
import { ALLOWED_NAME, assertServes, INSIDE } from "./probes.ts";

/** A machine that serves, and the cloud behind it; both are there once its first test has run. */
export interface Running {
  cloud(): Cloud;
  /** What a command printed that root ran on it. */
  root(...command: readonly string[]): Promise<string>;
}

const PROFILE = "postern-squid";
const CGROUP = "/sys/fs/cgroup/system.slice/squid.service/cgroup.procs";
const LOG = "/var/log/squid/access.log";

/** Squid as the image runs it: how it is held, what it says to a client that it refuses, and who looks after it. */
export function squidTests(test: TestFn, { cloud, root }: Running): void {
  test.serial("two workers serve, under one coordinator", async (t) => {
    t.timeout(PATIENCE);
    await assertServes(t, cloud());
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
        await assertServes(t, cloud());
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
    await assertServes(t, cloud());
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
      await assertServes(t, cloud());
      const before = cloud().seen.requests;
      const other = echoThrough(INSIDE, ALLOWED_NAME, cloud().ca, "hidden", "www.example.com");
      await t.throwsAsync(other, { message: /disconnected|ECONNRESET|closed|hang up/ });
      t.is(cloud().seen.requests, before);
      t.is((await refusedByProfile()).trim(), "");
    },
  );

  /** What AppArmor refused Squid. auditd keeps what the kernel reports; only before its start does the journal have it. */
  function refusedByProfile(): Promise<string> {
    const told = "{ journalctl -k -b -q --no-pager; cat /var/log/audit/audit.log; }";
    return root("sh", "-c", `${told} | grep -a 'apparmor="DENIED".*profile="${PROFILE}"' || true`);
  }

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
}
