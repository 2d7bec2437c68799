import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import test from "ava";
import { espFiles } from "../../../appliance/disk/esp.ts";
import { diskIds } from "../../../appliance/disk/ids.ts";
import { resolveInTree } from "../../../appliance/disk/intree.ts";
import { PosternError } from "../../../builder/error.ts";
import { loadBase } from "../../../builder/recipe/base.ts";
import { BASE_IDS } from "../../../builder/recipe/recipe.ts";
import { withFolder } from "../../builder/disk/kit.ts";

const { rootUuid } = diskIds("esp");

async function put(tree: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), text);
}

for (const id of BASE_IDS) {
  test(`${id}: shim, GRUB and MokManager on the removable path and in the vendor's folder`, async (t) => {
    const { efi } = await loadBase(id);
    await withFolder(async (tree) => {
      await put(tree, efi.shim[0] ?? "", "shim");
      await put(tree, efi.grub[0] ?? "", "grub");
      await put(tree, efi.mokManager[0] ?? "", "mok");
      await put(tree, efi.csv, "csv");
      const files = await espFiles({ tree, efi, rootUuid });
      const byPath = new Map(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]));
      t.is(byPath.get("EFI/BOOT/BOOTX64.EFI"), "shim");
      t.is(byPath.get("EFI/BOOT/grubx64.efi"), "grub");
      t.is(byPath.get("EFI/BOOT/mmx64.efi"), "mok");
      t.is(byPath.get(`EFI/${efi.vendor}/shimx64.efi`), "shim");
      t.is(byPath.get(`EFI/${efi.vendor}/BOOTX64.CSV`), "csv");
      for (const folder of ["BOOT", "debian", "ubuntu"]) {
        t.true(byPath.get(`EFI/${folder}/grub.cfg`)?.includes(rootUuid));
      }
      t.is(byPath.size, files.length);
    });
  });
}

test("an absolute link to the shim is followed inside the tree", async (t) => {
  const { efi } = await loadBase("ubuntu-24.04");
  await withFolder(async (tree) => {
    await put(tree, "/usr/lib/shim/shimx64.efi.signed.previous", "the tree's shim");
    await mkdir(join(tree, "etc/alternatives"), { recursive: true });
    await symlink("/usr/lib/shim/shimx64.efi.signed.previous", join(tree, "etc/alternatives/shim"));
    await symlink("/etc/alternatives/shim", join(tree, "usr/lib/shim/shimx64.efi.signed"));
    await put(tree, efi.grub[0] ?? "", "grub");
    await put(tree, efi.mokManager[0] ?? "", "mok");
    const [shim] = await espFiles({ tree, efi, rootUuid });
    t.is(Buffer.from(shim?.bytes ?? []).toString(), "the tree's shim");
  });
});

test("a tree without a boot loader is named as such", async (t) => {
  const { efi } = await loadBase("debian-13");
  await withFolder(async (tree) => {
    const error = await t.throwsAsync(espFiles({ tree, efi, rootUuid }), { instanceOf: PosternError });
    t.is(error?.code, "artifact.boot-loader");
    t.regex(error?.message ?? "", /shimx64\.efi\.signed/);
  });
});

test("links never leave the tree and never turn in circles", async (t) => {
  await withFolder(async (tree) => {
    await put(tree, "/a/file", "x");
    await symlink("../../../../../a/file", join(tree, "a/up"));
    await symlink("/a", join(tree, "abs"));
    await symlink("/etc/hostname", join(tree, "host"));
    await symlink("loop", join(tree, "loop"));
    t.is(await resolveInTree(tree, "/a/up"), join(tree, "a/file"));
    t.is(await resolveInTree(tree, "/abs/file"), join(tree, "a/file"));
    t.is(await resolveInTree(tree, "/../../a/./file"), join(tree, "a/file"));
    t.is(await resolveInTree(tree, "/host"), undefined);
    t.is(await resolveInTree(tree, "/loop"), undefined);
    t.is(await resolveInTree(tree, "/a/file/below"), undefined);
  });
});
