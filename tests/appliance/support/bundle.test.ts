import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { run } from "../../../appliance/commands/support.ts";
import { settingsText } from "../../../appliance/settings/text.ts";
import { writeBundle } from "../../../appliance/support/bundle.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import { lay, type Machine, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { testWith } from "../kit/tools.ts";
import { anySettings, FULL } from "../settings/fixtures.ts";

const RELEASE = { version: "1.0.0", base: "debian-13" };
const withTar = testWith(["tar", "gzip"]);

/** A machine on which every program says something; only tar is the real one. */
function machineThat(t: ExecutionContext, said: string): Machine {
  const machine = makeMachine(tempFolder(t));
  const real = realSystem();
  machine.run = async (command, args, options) =>
    command === "tar"
      ? real.run(command, args, options)
      : { code: 0, stdout: `${command} says ${said}\n`, stderr: said };
  return machine;
}

function unpack(t: ExecutionContext, file: string): Map<string, string> {
  const folder = tempFolder(t);
  execFileSync("tar", ["--extract", "--gzip", "--file", file, "--directory", folder]);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return new Map(
    names.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1).replace(/^[^/]+\//, ""), readFileSync(path, "utf8")];
    }),
  );
}

withTar("a bundle says what is in it, and only root may read it", async (t) => {
  const machine = machineThat(t, "hello");
  lay(machine.paths.root, "/var/lib/postern/confirmed.yaml", `# by bob\n${settingsText(FULL)}`);
  lay(machine.paths.root, "/etc/netplan/60-postern.yaml", "network: {}\n");
  lay(machine.paths.root, "/var/log/squid/cache.log", "squid started\n");
  const file = join(tempFolder(t), "for-support.tar.gz");

  const contents = await writeBundle(machine, RELEASE, file);

  t.is(statSync(file).mode & 0o777, 0o600);
  const files = unpack(t, file);
  t.deepEqual([...files.keys()].sort(), ["README.txt", ...contents.map(({ name }) => name)].sort());
  for (const { name } of contents) t.true(files.get("README.txt")?.includes(name));
  t.like(JSON.parse(files.get("status.json") ?? ""), { configured: true, hostname: "proxy-01" });
  t.true(Array.isArray(JSON.parse(files.get("check.json") ?? "")));
  t.regex(files.get("settings.yaml") ?? "", /passwordHash: \(masked\)/);
  t.regex(files.get("settings.yaml") ?? "", /admin@desk/, "the comment of a key may stay");
  t.false(files.get("settings.yaml")?.includes("bob"), "comments may say anything");
  t.is(files.get("files/etc/netplan/60-postern.yaml"), "network: {}\n");
  t.is(files.get("squid-cache.log"), "squid started\n");
  t.regex(files.get("network.txt") ?? "", /^\$ ip route\nip says hello/m);
  t.regex(files.get("packages.txt") ?? "", /dpkg-query says hello/);
  t.deepEqual(readdirSync(machine.paths.run), [], "nothing is left behind");
});

withTar("whatever the settings and whoever says it: no secret is in any file", async (t) => {
  const hash = fc
    .tuple(
      fc.constantFrom("$y$j9T$", "$6$", "$2b$12$"),
      fc.stringMatching(/^[./0-9A-Za-z]{8,22}$/),
      fc.stringMatching(/^[./0-9A-Za-z]{43}$/),
    )
    .map(([method, salt, digest]) => ({ hash: `${method}${salt}$${digest}`, digest }));
  await fc.assert(
    fc.asyncProperty(anySettings, hash, hash, async (settings, ours, shadow) => {
      const machine = machineThat(t, `x${ours.hash}y ${shadow.hash}`);
      const { root } = machine.paths;
      const text = settingsText({ ...settings, admin: { ...settings.admin, passwordHash: ours.hash } });
      lay(root, "/var/lib/postern/confirmed.yaml", `# ${ours.hash}\n${text}`);
      lay(root, "/etc/shadow", `postern:${shadow.hash}:1::::::\n`);
      lay(root, "/etc/ufw/user.rules", `# ${shadow.hash}\n`);
      lay(root, "/var/log/squid/cache.log", `${ours.hash}\n${shadow.hash}`.repeat(3000));
      const file = join(tempFolder(t), "bundle.tgz");

      await writeBundle(machine, RELEASE, file);

      for (const [name, content] of unpack(t, file))
        for (const secret of [ours.digest, shadow.digest]) t.false(content.includes(secret), name);
    }),
    { numRuns: 10 },
  );
});

withTar("settings that were spoilt by hand do not keep the bundle from being made", async (t) => {
  const machine = machineThat(t, "hello");
  lay(machine.paths.root, "/var/lib/postern/confirmed.yaml", "schema: 1\nclients: 7\n");
  machine.interfaces = () => {
    throw new Error("no interfaces");
  };
  const file = join(tempFolder(t), "bundle.tar.gz");

  await writeBundle(machine, RELEASE, file);

  const files = unpack(t, file);
  t.regex(files.get("settings.yaml") ?? "", /^# .*clients/s);
  t.is(files.get("status.json"), "(no interfaces)\n");
});

test("a file that is there already is not touched", async (t) => {
  const folder = tempFolder(t);
  lay(folder, "/mine.tar.gz", "precious");

  await t.throwsAsync(writeBundle(machineThat(t, ""), RELEASE, join(folder, "mine.tar.gz")), {
    message: /mine\.tar\.gz cannot be written/,
  });

  t.is(readFileSync(join(folder, "mine.tar.gz"), "utf8"), "precious");
});

test("a tar that fails leaves no file behind", async (t) => {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("tar", { code: 2, stderr: "tar: disk full" });
  const file = join(tempFolder(t), "bundle.tar.gz");

  await t.throwsAsync(writeBundle(machine, RELEASE, file), { message: /disk full/ });

  t.false(existsSync(file));
  t.deepEqual(readdirSync(machine.paths.run), []);
});

withTar("the command names the file and what is in it", async (t) => {
  const system = machineThat(t, "hello");
  const file = join(tempFolder(t), "x.tar.gz");
  const printed: string[] = [];

  const code = await run(
    { system, release: RELEASE, print: (text) => printed.push(text) },
    { flags: new Set(), values: new Map(), rest: [file] },
  );

  t.is(code, 0);
  t.regex(printed.join("\n"), /^ {2}network\.txt +addresses, routes/m);
  t.true(printed.at(-1)?.startsWith(file));
});
