import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { findProbe } from "../../../builder/host/packages.ts";
import { run } from "../../../builder/host/run.ts";
import { commandText } from "../../../builder/host/text.ts";
import { allowedIn, keyIn, turnBit } from "../evidence/kit.ts";
import { type Ended, type Place, PROJECT, place, runCli } from "../kit/cli.ts";
import { until } from "../kit/wait.ts";

const STATEMENT = "postern-0.1.0-debian-13-amd64.provenance.json";
const SIGNATURES = ["SHA256SUMS.sig", `${STATEMENT}.sig`];
const PASSPHRASE = "a passphrase of the test";

interface Keyed extends Place {
  keys: string;
  verify(...args: string[]): Promise<Ended>;
  signatures(): Promise<string[]>;
}

async function keyed(t: ExecutionContext): Promise<Keyed> {
  const here = await place(t);
  const keys = join(here.folder, "keys");
  await mkdir(keys);
  return {
    ...here,
    keys,
    verify: (...args) => runCli(["verify", here.out, ...args], { cwd: here.folder }),
    signatures: async () => (await readdir(here.out)).filter((name) => name.endsWith(".sig")).sort(),
  };
}

test("a signed build is verified by whom one knows; a later build without the key leaves no false signature", async (t) => {
  const { build, verify, signatures, keys, out } = await keyed(t);
  const key = await keyIn(keys, "k");
  const allowed = await allowedIn(keys, key);
  const first = await build(["--sign-key", key]);
  t.is(first.code, 0, first.stderr);
  t.regex(first.stdout, /, signed by ED25519 SHA256:\S{43}\n$/);
  t.deepEqual(await signatures(), SIGNATURES);
  const trusted = await verify("--allowed-signers", allowed);
  t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
  t.regex(
    trusted.stdout,
    /^ok {3}SHA256SUMS .*\n {2}ok {3}signature by ED25519 SHA256:\S+, release@example\.org\n/m,
  );

  const before = await stat(join(out, "SHA256SUMS.sig"), { bigint: true });
  await build();
  t.is((await stat(join(out, "SHA256SUMS.sig"), { bigint: true })).ino, before.ino);
  await build([], { FIXTURE_TEXT: "another\n" });
  t.deepEqual(await signatures(), []);
  const unsigned = await verify();
  t.is(unsigned.code, 0, unsigned.stderr);
  t.regex(
    unsigned.stdout,
    /^ {2}-- {3}signature: left out: nobody signed it: no SHA256SUMS\.sig lies beside it$/m,
  );
  const strict = await verify("--allowed-signers", allowed, "--json");
  t.is(strict.code, 6);
  const verdicts: { file: string; problems: string[] }[] = JSON.parse(strict.stdout);
  t.deepEqual(
    verdicts.filter(({ problems }) => problems.length > 0).map(({ file }) => file),
    ["SHA256SUMS", STATEMENT],
  );
});

test("a file that was changed after it was signed: exit code 6, and which", async (t) => {
  const { build, verify, keys, out } = await keyed(t);
  const key = await keyIn(keys, "k");
  await build(["--sign-key", key]);
  await turnBit(join(out, "image.txt"));
  const { code, stdout, stderr } = await verify("--allowed-signers", await allowedIn(keys, key));
  t.is(code, 6);
  t.regex(stdout, /^BAD {2}image\.txt /m);
  t.regex(stderr, /^error artifact\.verify: 1 of 6 files are not what they should be: image\.txt$/m);
});

test("the recipe names the key, and nothing that is published says where it lies", async (t) => {
  const { folder, cache, out, signatures, keys } = await keyed(t);
  const key = await keyIn(keys, "site-release-key");
  await writeFile(join(folder, "site.yaml"), "sign:\n  sshKey: keys/site-release-key\n");
  const args = ["build", "--recipe=site.yaml", `--cache=${cache}`, `--out=${out}`];
  const { code, stderr } = await runCli(args, { cwd: folder });
  t.is(code, 0, stderr);
  t.deepEqual(await signatures(), SIGNATURES);
  const secret = (await readFile(key, "utf8")).split("\n")[2] ?? "";
  for (const place of [out, cache]) {
    const found = await run("grep", ["-rlE", `site-release-key|${secret.replaceAll("+", "\\+")}`, place], {
      okCodes: [0, 1],
    });
    t.is(found.stdout, "");
  }
  t.notRegex(stderr, /PRIVATE|site-release-key/);
});

test("a failed build is not signed, and the signature over what was there before is gone", async (t) => {
  const { build, signatures, keys } = await keyed(t);
  const key = await keyIn(keys, "k");
  await build(["--sign-key", key]);
  const { code } = await build(["--keep-going", "--sign-key", key], {
    FIXTURE_FAIL: "left",
    FIXTURE_TEXT: "another\n",
  });
  t.is(code, 5);
  t.deepEqual(
    await signatures(),
    [`${STATEMENT}.sig`],
    "that one is over the earlier statement, which is there",
  );
});

test("a key that cannot sign is said before any stage runs", async (t) => {
  const { build, keys, cache } = await keyed(t);
  const key = await keyIn(keys, "k", "ed25519", PASSPHRASE);
  const { code, stderr } = await build(["--sign-key", key]);
  t.is(code, 2);
  t.regex(stderr, /^error input\.sign-key: \S+k has a passphrase, and there is no terminal to ask for it$/m);
  t.deepEqual(await readdir(join(cache, "stages")), []);
  const missing = await build(["--sign-key", "nowhere"]);
  t.regex(
    missing.stderr,
    /^error input\.recipe: the recipe: 1 problem\n {2}--sign-key: a file that exists; got "nowhere"/m,
  );
});

test("a key with a passphrase asks SSH_ASKPASS, once for both signatures", async (t) => {
  const { build, signatures, keys } = await keyed(t);
  const key = await keyIn(keys, "k", "ed25519", PASSPHRASE);
  const askpass = join(keys, "askpass");
  await writeFile(askpass, `#!/bin/sh\necho asked >>"${keys}/asked"\necho "${PASSPHRASE}"\n`, {
    mode: 0o700,
  });
  const env = { SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: "force" };
  const { code, stderr } = await build(["--sign-key", key], env);
  t.is(code, 0, stderr);
  t.deepEqual(await signatures(), SIGNATURES);
  t.is(await readFile(join(keys, "asked"), "utf8"), "asked\n");
  const wrong = { ...env, SSH_ASKPASS: "/bin/echo", FIXTURE_TEXT: "another\n" };
  const refused = await build(["--sign-key", key], wrong);
  t.is(refused.code, 2);
  t.regex(refused.stderr, /^error input\.sign-key: \S+k does not sign: .*incorrect passphrase/ms);
  t.deepEqual(await signatures(), []);
});

test("a public key signs by the agent that holds its other half", async (t) => {
  const { build, verify, keys } = await keyed(t);
  const key = await keyIn(keys, "k");
  const socket = join(keys, "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  t.teardown(() => end(agent));
  await until("the agent's socket", () => stat(socket).catch(() => undefined));
  await run("ssh-add", ["-q", key], { env: { SSH_AUTH_SOCK: socket } });
  await rm(key);
  const signed = await build(["--sign-key", `${key}.pub`], { SSH_AUTH_SOCK: socket });
  t.is(signed.code, 0, signed.stderr);
  const { code, stdout } = await verify("--allowed-signers", await allowedIn(keys, key));
  t.is(code, 0, stdout);
});

test("at a terminal the passphrase is asked for there, and is shown nowhere", async (t) => {
  if ((await findProbe("script")) === undefined) return t.pass("no script(1) on this host");
  const { signatures, keys, folder, cache, out } = await keyed(t);
  const key = await keyIn(keys, "k", "ed25519", PASSPHRASE);
  const cli = join(PROJECT, "tests/builder/kit/fixture-cli.ts");
  const flags = ["--recipe=/dev/null", `--cache=${cache}`, `--out=${out}`, "--sign-key", key];
  const line = commandText([process.execPath, cli, "build", ...flags]);
  const child = spawn("script", ["-qefc", line, "/dev/null"], {
    cwd: folder,
    env: { ...process.env, TERM: "xterm", SSH_AUTH_SOCK: "", SSH_ASKPASS: "" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.teardown(() => end(child));
  let screen = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
  });
  await until("the question", async () => (/Enter passphrase/.test(screen) ? true : undefined));
  child.stdin?.write(`${PASSPHRASE}\n`);
  const [code] = await once(child, "exit");
  t.is(code, 0, screen);
  t.false(screen.includes(PASSPHRASE));
  t.deepEqual(await signatures(), SIGNATURES);
});

function end(child: ChildProcess): void {
  if (child.exitCode === null) child.kill("SIGKILL");
}

const SIGNERS: readonly [what: string, text: string | undefined, message: RegExp][] = [
  ["no file", undefined, /allowed cannot be read: ENOENT/],
  ["nothing in it", "# nobody\n\n", /allowed allows nobody/],
  ["a .pub file", "ssh-ed25519 AAAAC3Nz me\n", /a line begins with a key, and not with whose key it is/],
];
for (const [what, text, message] of SIGNERS) {
  test(`allowed signers are refused: ${what}`, async (t) => {
    const { folder, verify } = await keyed(t);
    if (text !== undefined) await writeFile(join(folder, "allowed"), text);
    const { code, stderr } = await verify("--allowed-signers", "allowed");
    t.is(code, 2);
    t.regex(stderr, /^error input\.allowed-signers: /m);
    t.regex(stderr, message);
  });
}
