import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { GateId } from "../../builder/evidence/hardening/gates.ts";
import { TAILORED_PROFILE } from "../../builder/evidence/hardening/tailoring.ts";
import { differentPackages } from "../../builder/evidence/sbom/differences.ts";
import { type ReadSbom, readSbom, sbomFormatOf } from "../../builder/evidence/sbom/read.ts";
import { answerQuestions, apply, firstQuestion } from "./firstboot.ts";
import { sshTarget } from "./inspect.ts";
import {
  CLIENT_ADDRESS,
  CLIENT_NETWORK,
  DNS_ADDRESS,
  GUEST_GATEWAY,
  OUTSIDE_ADDRESS,
} from "./kit/addresses.ts";
import { distFolder } from "./kit/artifacts.ts";
import { type Cloud, startCloud } from "./kit/cloud.ts";
import { PATIENCE } from "./kit/patience.ts";
import { sessionFolder } from "./kit/session.ts";
import { makeSshKey } from "./kit/ssh.ts";
import { makeTap } from "./kit/tap.ts";
import { STATIC_ADDRESS, TAP } from "./machines.ts";
import { parseExposure } from "./measures/exposure.ts";
import { asRoot, type Inside, withTools } from "./measures/inside.ts";
import { parseLynis } from "./measures/lynis.ts";
import { takeNotes } from "./measures/notes.ts";
import { parseUdpListeners } from "./measures/ports.ts";
import { scanTcp, scanUdp } from "./measures/scan.ts";
import { parseOscap, SCAP_COMMAND, scapFigure } from "./measures/scap.ts";
import { parseSshAudit } from "./measures/sshaudit.ts";
import { furnishTree, offeredTools, runTool, type Tools } from "./measures/tools.ts";
import { watch } from "./watch.ts";

const NAME = "vhdx-measured";
const READY = "the machine is set up, on a wire where every port can be tried";
const PASSWORD = "correct horse battery";
/** Administrators are in the machine's own network, clients in another. */
const AIM = { host: STATIC_ADDRESS, card: TAP };
const VIEWS = [
  { from: GUEST_GATEWAY, expected: ["22/tcp"] },
  { from: CLIENT_ADDRESS, expected: ["3128/tcp"] },
  { from: OUTSIDE_ADDRESS, expected: [] },
] as const;

const offered = offeredTools(process.env);
const notes = takeNotes();
const guest = watch(test, [READY]);
let cloud: Cloud | undefined;
let inside: Inside;
let long: Long | undefined;

/** The tools, or undefined where there are none: then the figures are noted as not measured. */
function toolsFor(t: ExecutionContext, ...ids: readonly GateId[]): Tools | undefined {
  if (!("reason" in offered)) return offered;
  notes.skip(t, ids, offered.reason);
  return undefined;
}

/** lynis and OpenSCAP take half an hour under emulation, and keep both of its processors busy. */
const WANTS_LONG = process.env.POSTERN_LONG_MEASURES !== undefined;
const SHORT = "takes half an hour under emulation; POSTERN_LONG_MEASURES=1 measures it";

/** The same for what takes long, and is measured only where somebody asks for it. */
function longToolsFor(t: ExecutionContext, id: GateId): Tools | undefined {
  if (WANTS_LONG) return toolsFor(t, id);
  console.log(`skipped, ${SHORT}: ${id}`);
  notes.skip(t, [id], SHORT);
  return undefined;
}

/** What takes minutes under emulation; it runs on one of the machine's processors while the rest is measured. */
interface Long {
  lynis: Promise<string>;
  scap: Promise<string>;
}

/** The tailoring file is the one that lies beside the image. */
async function startLong(): Promise<Long> {
  const dist = distFolder();
  const file = (await readdir(dist)).find((name) => name.endsWith("-cis-tailoring.xml"));
  if (file === undefined) throw new Error(`${dist} has no -cis-tailoring.xml`);
  const tailoring = await readFile(join(dist, file), "utf8");
  // The status screens take a fifth of an emulated processor each, and nobody looks at them now.
  await asRoot(inside, "systemctl freeze postern-console@tty1.service postern-console@ttyS0.service");
  const started = {
    lynis: withTools(inside, "lynis.sh"),
    scap: withTools(inside, "scap.sh", tailoring, TAILORED_PROFILE),
  };
  // Who awaits them sees their faults.
  for (const one of Object.values(started)) one.catch(() => {});
  return started;
}

/** The SBOMs that lie beside the image. */
async function readSboms(dist: string): Promise<ReadSbom[]> {
  const found: ReadSbom[] = [];
  for (const name of await readdir(dist)) {
    const format = sbomFormatOf(name);
    if (format !== undefined) found.push(readSbom(await readFile(join(dist, name), "utf8"), format, name));
  }
  return found;
}

/** Lines of a command's output. */
async function linesOf(script: string): Promise<string[]> {
  return (await asRoot(inside, script)).split("\n").filter((line) => line.trim() !== "");
}

test.serial(READY, async (t) => {
  t.timeout(PATIENCE);
  cloud = await startCloud(await sessionFolder("cloud-measured"));
  await makeTap(TAP, [CLIENT_ADDRESS]);
  if (!("reason" in offered)) await furnishTree(offered);
  const key = await makeSshKey(await sessionFolder("machines", NAME));
  inside = {
    target: { ...(await sshTarget(NAME, key)), host: STATIC_ADDRESS, port: 22 },
    password: PASSWORD,
  };
  const drives = "reason" in offered ? [] : [{ id: "tools", kind: "disk", file: offered.disk } as const];
  const machine = await guest.boot(NAME, { drives });
  await firstQuestion(machine);
  await answerQuestions(machine, {
    network: { address: `${STATIC_ADDRESS}/24`, gateway: GUEST_GATEWAY, dns: DNS_ADDRESS },
    clients: `${CLIENT_NETWORK} servers`,
    password: PASSWORD,
    sshKey: key.publicLine,
  });
  await apply(machine);
  t.is((await asRoot(inside, "id -u")).trim(), "0");
  if (WANTS_LONG && !("reason" in offered)) long = await startLong();
});

test.serial("no unit has failed", async (t) => {
  t.timeout(PATIENCE);
  const command = "systemctl list-units --failed --plain --no-legend";
  const units = await linesOf(command);
  notes.gate(t, "failed-units", units.length, command, units);
});

test.serial("units are held tight", async (t) => {
  t.timeout(PATIENCE);
  const units = ["squid.service", "ssh.service", "postern-console@tty1.service"] as const;
  const command = `systemd-analyze security --no-pager ${units.join(" ")}`;
  const levels = parseExposure(await asRoot(inside, command));
  const ids = ["exposure-squid", "exposure-ssh", "exposure-console"] as const;
  units.forEach((unit, index) => {
    const level = levels.get(unit);
    t.not(level, undefined, `${unit} was measured`);
    const id = ids[index];
    if (level !== undefined && id !== undefined) notes.gate(t, id, level, command);
  });
});

test.serial("few files have a set-id bit, and none is writable for everybody", async (t) => {
  t.timeout(PATIENCE);
  const roots = '$(findmnt -rno TARGET -t ext4,vfat | tr "\\n" " ")';
  const setid = `find ${roots} -xdev -type f -perm /6000`;
  const files = await linesOf(setid);
  t.true(files.includes("/usr/bin/sudo"), "sudo is found, so the command looks");
  notes.gate(t, "setid", files.length, setid, files);
  const writable = `find ${roots} -xdev -type f -perm -0002`;
  const open = await linesOf(writable);
  notes.gate(t, "world-writable", open.length, writable, open);
});

test.serial("there is no compiler, netcat, telnet or git", async (t) => {
  t.timeout(PATIENCE);
  const names =
    "gcc cc c++ g++ clang tcc as ld make nc ncat netcat nc.openbsd nc.traditional socat telnet git gdb";
  const command = `find / -xdev -type f -perm /0111 \\( ${names
    .split(" ")
    .map((name) => `-name ${name}`)
    .join(" -o ")} \\)`;
  const found = await linesOf(command);
  // cloud-init's package asks for a netcat; the image has a small one that speaks to cloud-init's sockets alone.
  const tools = found.filter((path) => path !== "/usr/lib/postern/cloud-init/nc");
  notes.gate(t, "tools", tools.length, command, found);
});

test.serial("no security update was missing when the image was built", async (t) => {
  t.timeout(PATIENCE);
  const command = "cat /usr/lib/postern/pending-updates";
  const text = (await asRoot(inside, command)).trim();
  t.regex(text, /^\d+$/);
  notes.gate(t, "updates", Number(text), `${command} (apt-get -s dist-upgrade while the base was made)`);
});

test.serial(
  "what is installed is what the SBOMs beside the image say, and so are the files that are ours",
  async (t) => {
    t.timeout(PATIENCE);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg-query's own.
    const command = "dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\\n'";
    const installed = (await linesOf(command)).flatMap((line) => {
      const [status, name = "", version = ""] = line.split(" ");
      return status === "installed" ? [{ name, version }] : [];
    });
    t.true(installed.length > 100, `${installed.length} packages`);
    const sboms = await readSboms(distFolder());
    t.is(sboms.length, 2);
    for (const sbom of sboms) {
      t.deepEqual([...differentPackages(sbom.packages, installed, "the SBOM")], []);
      const paths = sbom.files.map(({ path }) => `/${path}`);
      const sums = (await asRoot(inside, 'sha256sum -- "$@"', ...paths)).trim().split("\n");
      t.deepEqual(
        sums,
        sbom.files.map(({ path, sha256 }) => `${sha256}  /${path}`),
      );
    }
  },
);

test.serial("nothing listens by UDP beyond the machine itself", async (t) => {
  t.timeout(PATIENCE);
  const text = await asRoot(inside, "ss -Hlnu");
  const listeners = parseUdpListeners(text);
  const tools = "reason" in offered ? undefined : offered;
  const scans = tools === undefined ? [] : await Promise.all([scanUdp(tools, AIM, GUEST_GATEWAY)]);
  for (const { scanned } of scans) t.is(scanned, 200);
  const answered = scans.flatMap(({ from, open }) => open.map((port) => `${port} answers ${from}`));
  const commands = ["ss -Hlnu", ...scans.map(({ command }) => command)].join("; ");
  notes.gate(t, "udp", listeners.length + answered.length, commands, [...listeners, ...answered]);
});

test.serial("each network sees its own port open, of all 65,535, and strangers none", async (t) => {
  t.timeout(PATIENCE);
  const tools = toolsFor(t, "ports", "ports-closed");
  if (tools === undefined) return;
  const unexpected: string[] = [];
  const missing: string[] = [];
  const commands: string[] = [];
  for (const { from, expected } of VIEWS) {
    const { open, scanned, command } = await scanTcp(tools, AIM, from);
    t.is(scanned, 65_535);
    commands.push(command);
    const wanted: readonly string[] = expected;
    unexpected.push(...open.filter((port) => !wanted.includes(port)).map((port) => `${port} from ${from}`));
    missing.push(...wanted.filter((port) => !open.includes(port)).map((port) => `${port} from ${from}`));
  }
  notes.gate(t, "ports", unexpected.length, commands.join("; "), unexpected);
  notes.gate(t, "ports-closed", missing.length, commands.join("; "), missing);
});

test.serial("ssh-audit has nothing to say", async (t) => {
  t.timeout(PATIENCE);
  const tools = toolsFor(t, "ssh-fail", "ssh-warn");
  if (tools === undefined) return;
  const command = ["ssh-audit", "--batch", STATIC_ADDRESS];
  // 2: a warning, 3: a failure (its --help); both are counted below.
  const { failures, warnings, algorithms } = parseSshAudit(await runTool(tools, command, [0, 2, 3]));
  t.true(algorithms > 0, "it heard the server");
  notes.gate(t, "ssh-fail", failures.length, command.join(" "), failures);
  notes.gate(t, "ssh-warn", warnings.length, command.join(" "), warnings);
});

test.serial("lynis reaches its index", async (t) => {
  t.timeout(3_000_000);
  const tools = longToolsFor(t, "lynis");
  if (tools === undefined) return;
  const { index, tests, warnings, suggestions, partial } = parseLynis((await long?.lynis) ?? "");
  t.true(tests > 100, `${tests} tests`);
  notes.gate(t, "lynis", index, "lynis audit system --quick", [...warnings, ...suggestions, ...partial]);
});

test.serial("the benchmark's content reaches its part, with written exceptions", async (t) => {
  t.timeout(3_000_000);
  const tools = longToolsFor(t, "openscap");
  if (tools === undefined) return;
  const { percent, counts, failed } = scapFigure(parseOscap((await long?.scap) ?? ""));
  notes.gate(t, "openscap", percent, SCAP_COMMAND, [JSON.stringify(counts), ...failed]);
});

test.after.always("the figures are written down", async (t) => {
  t.log(await notes.write());
  await cloud?.close();
});
