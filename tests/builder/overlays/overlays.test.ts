import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { parse } from "yaml";
import { PosternError } from "../../../builder/error.ts";
import { type LoadedOverlay, loadOverlay, overlayData } from "../../../builder/overlays/load.ts";
import { packagesOf, parseOverlay } from "../../../builder/overlays/overlay.ts";
import { BUILD_USER, overlayTar, userData } from "../../../builder/overlays/seed.ts";
import { loadBase } from "../../../builder/recipe/base.ts";
import { BASE_IDS, type BaseId } from "../../../builder/recipe/recipe.ts";
import { scratch } from "../../kit/scratch.ts";

const FOLDER = fileURLToPath(new URL("../../../overlays/", import.meta.url));

async function loadAll(id: BaseId): Promise<LoadedOverlay[]> {
  const data = overlayData(await loadBase(id), "1.2.3");
  const names = (await readdir(FOLDER)).sort();
  return Promise.all(names.map((name) => loadOverlay(`${FOLDER}${name}`, data)));
}

function textOf(overlays: readonly LoadedOverlay[], path: string): string {
  const file = overlays.flatMap(({ laidFiles }) => laidFiles).find((one) => one.path === path);
  return file?.bytes.toString("utf8") ?? "";
}

for (const id of BASE_IDS) {
  test(`every overlay loads for ${id}, and no two lay the same file`, async (t) => {
    const overlays = await loadAll(id);

    const paths = overlays.flatMap(({ laidFiles }) => laidFiles.map(({ path }) => path));
    t.is(new Set(paths).size, paths.length);
    t.true(overlays.length >= 6);
  });
}

test("what differs between the bases is rendered for each", async (t) => {
  const [trixie, noble] = await Promise.all([loadAll("debian-13"), loadAll("ubuntu-24.04")]);
  const sshd = "/etc/ssh/sshd_config.d/10-postern.conf";
  const upgrades = "/etc/apt/apt.conf.d/52postern-upgrades";

  t.regex(textOf(trixie, sshd), /mlkem768x25519/);
  t.notRegex(textOf(noble, sshd), /mlkem768x25519|DebianBanner/);
  t.regex(
    textOf(trixie, upgrades),
    /origin=Debian,codename=\$\{distro_codename\}-security,label=Debian-Security/,
  );
  t.regex(textOf(noble, upgrades), /origin=Ubuntu,archive=\$\{distro_codename\}-security/);
});

test("Hyper-V's daemons have another name on Ubuntu", async (t) => {
  const platform = (await loadAll("debian-13")).find(({ id }) => id === "platform");
  t.truthy(platform);
  if (platform === undefined) return;

  t.true(packagesOf(platform, await loadBase("debian-13")).includes("hyperv-daemons"));
  t.true(packagesOf(platform, await loadBase("ubuntu-26.04")).includes("linux-cloud-tools-virtual"));
});

test("the firewall overlay never uses UFW's Squid profile, and UFW starts closed", async (t) => {
  const overlays = await loadAll("debian-13");

  t.false(JSON.stringify(overlays.map(({ run }) => run)).includes("Squid"));
  t.regex(textOf(overlays, "/etc/default/ufw"), /DEFAULT_INPUT_POLICY="DROP"/);
  t.regex(textOf(overlays, "/etc/squid/squid.conf"), /http_access deny all/);
});

test("media that settings arrive on stay loadable", async (t) => {
  const modules = textOf(await loadAll("debian-13"), "/etc/modprobe.d/postern-hardening.conf");

  for (const name of ["udf", "vfat", "isofs", "sr_mod"])
    t.notRegex(modules, new RegExp(`^install ${name} `, "m"));
});

test("the seed's script stops at the first fault and ends with the units", async (t) => {
  const config: unknown = parse(userData(await loadAll("debian-13"), "ssh-ed25519 AAAA", 1_767_225_600), {
    version: "1.1",
  });

  t.like(config, {
    users: [{ name: BUILD_USER, lock_passwd: true, ssh_authorized_keys: ["ssh-ed25519 AAAA"] }],
    growpart: { mode: "off" },
  });
  const commands = (config as { runcmd: unknown[] }).runcmd;
  t.is(commands[0], "set -eu");
  t.is(
    commands[1],
    "export SOURCE_DATE_EPOCH=1767225600",
    "or an account tells the day on which it was made",
  );
  t.deepEqual(commands.at(-1), [
    "systemctl",
    "restart",
    "systemd-modules-load.service",
    "systemd-sysctl.service",
  ]);
});

test("the overlays' tar is the same bytes twice", async (t) => {
  const overlays = await loadAll("debian-13");

  t.deepEqual(await overlayTar(overlays, 1_700_000_000), await overlayTar(overlays, 1_700_000_000));
});

test("a wrong overlay is told with every problem", (t) => {
  const yaml = "packages: [1]\nfiles:\n  - { path: relative, mode: 644 }\nsurprise: true\n";

  const error = t.throws(() => parseOverlay("x", yaml, "x/overlay.yaml"), { instanceOf: PosternError });

  t.is(error?.code, "input.overlay");
  for (const path of ["title", "packages[0]", "files[0].path", "files[0].mode", "surprise"]) {
    t.true(error?.message.includes(`${path}:`), path);
  }
});

test("what a check did, which rules it answers for, and what is not followed are data", (t) => {
  const yaml = `title: x
checks: [{ id: K1, title: t, command: [a], does: Hides kernel pointers., cis: ["1.5.1", sysctl_kernel_kptr_restrict] }]
exceptions: [{ id: HRDN-7230, reason: No malware scanner. }]
`;

  const overlay = parseOverlay("x", yaml, "x/overlay.yaml");

  t.like(overlay.checks[0], {
    does: "Hides kernel pointers.",
    cis: ["1.5.1", "sysctl_kernel_kptr_restrict"],
  });
  t.deepEqual(overlay.exceptions, [{ id: "HRDN-7230", reason: "No malware scanner." }]);
  const wrong = "title: x\nexceptions: [{ id: a, reason: b }, { id: a, reason: c }, { id: d }]\n";
  const error = t.throws(() => parseOverlay("x", wrong, "x/overlay.yaml"), { instanceOf: PosternError });
  for (const path of ["exceptions[1]", "exceptions[2].reason"])
    t.true(error?.message.includes(`${path}:`), path);
});

test("what only the report says does not change what is laid", async (t) => {
  const data = overlayData(await loadBase("debian-13"), "1.2.3");
  const folder = await scratch(t);
  const hashOf = async (check: string, more = ""): Promise<string> => {
    const yaml = `title: One\nchecks:\n  - { id: a, title: A, command: [${check} }\n${more}`;
    await writeFile(join(folder, "overlay.yaml"), yaml);
    return (await loadOverlay(folder, data)).hash;
  };

  const plain = await hashOf("sync]");
  t.is(
    await hashOf("sync], does: It is done., cis: [a_b]", "exceptions: [{ id: c_d, reason: So. }]\n"),
    plain,
  );
  t.not(await hashOf("id]"), plain);
});
