import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { fstab } from "../../../appliance/disk/fstab.ts";
import { espGrubCfg, grubCfg } from "../../../appliance/disk/grubcfg.ts";
import { diskIds } from "../../../appliance/disk/ids.ts";
import { PosternError } from "../../../builder/error.ts";
import { run } from "../../../builder/host/run.ts";
import { withFolder } from "../../builder/disk/kit.ts";

const ids = diskIds("texts");
const options = {
  title: "Postern",
  rootUuid: ids.rootUuid,
  kernelArguments: ["console=ttyS0,115200n8", "quiet"],
};

test("fstab mounts what the design names, locked down", (t) => {
  const lines = fstab(ids)
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const mounts = new Map(lines.map((line) => [line.split("\t")[1], line.split("\t")]));
  t.true(lines.every((line) => line.split("\t").length === 6));
  t.deepEqual([...mounts.keys()], ["/", "/var/log", "/boot/efi", "/home", "/var/tmp", "/tmp", "/dev/shm"]);
  t.is(mounts.get("/")?.[0], `UUID=${ids.rootUuid}`);
  t.is(mounts.get("/var/log")?.[0], `UUID=${ids.logUuid}`);
  t.true(mounts.get("/var/log")?.[3]?.split(",").includes("x-systemd.growfs"));
  for (const where of ["/var/log", "/boot/efi", "/home", "/var/tmp", "/tmp", "/dev/shm"]) {
    const used = mounts.get(where)?.[3]?.split(",") ?? [];
    for (const option of ["nodev", "nosuid", "noexec"]) t.true(used.includes(option), `${where} ${option}`);
  }
});

test("no one can edit an entry, and every entry can be booted", (t) => {
  const text = grubCfg(options);
  t.regex(text, /^set superusers=""\nexport superusers$/m);
  const entries = text.match(/menuentry .*/g) ?? [];
  t.is(entries.length, 2);
  t.true(entries.every((entry) => entry.includes("--unrestricted")));
  t.is(text.match(new RegExp(`root=UUID=${ids.rootUuid} ro console=ttyS0,115200n8 quiet$`, "gm"))?.length, 2);
});

test("the stub on the ESP is locked too and never ends in a shell", (t) => {
  const text = espGrubCfg(ids.rootUuid);
  t.true(text.startsWith('# Made by Postern.\nset superusers=""\nexport superusers\n'));
  t.true(text.endsWith("exit\n"));
  t.true(text.includes(`--fs-uuid ${ids.rootUuid}\n`));
});

test("nothing that GRUB's shell would act on gets in", (t) => {
  for (const argument of ["a b", "$(x)", "a;b", "'", '"', "a\nb", "", "a{b}"]) {
    const error = t.throws(() => grubCfg({ ...options, kernelArguments: [argument] }), {
      instanceOf: PosternError,
    });
    t.is(error?.code, "input.kernel-argument");
  }
  t.throws(() => grubCfg({ ...options, title: "it's" }), { instanceOf: PosternError });
  t.throws(() => espGrubCfg("x; exit"), { instanceOf: PosternError });
});

test("GRUB's own parser takes both files", async (t) => {
  const there = await run("sh", ["-c", "command -v grub-script-check || true"]);
  if (there.stdout === "") {
    t.log("skipped: no grub-script-check on this host (package grub-common)");
    return t.pass();
  }
  await withFolder(async (folder) => {
    for (const [name, text] of [
      ["main", grubCfg(options)],
      ["stub", espGrubCfg(ids.rootUuid)],
    ] as const) {
      const file = join(folder, name);
      await writeFile(file, text);
      await t.notThrowsAsync(run("grub-script-check", [file]));
    }
  });
});
