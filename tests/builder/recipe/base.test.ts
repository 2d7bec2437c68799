import test from "ava";
import { loadBase, loadPathFilters, pathFilters } from "../../../builder/recipe/base.ts";
import { BASE_IDS } from "../../../builder/recipe/recipe.ts";

for (const id of BASE_IDS) {
  test(`${id} is a whole base`, async (t) => {
    const base = await loadBase(id);

    t.is(base.id, id);
    // Nothing but a named generator makes an initrd that our boot script is for.
    for (const name of ["initramfs-tools", "zstd", "busybox", "shim-signed", "mawk"]) {
      t.true(base.packages.includes(name), name);
    }
    t.false(base.packages.includes("grub-pc"));
    t.true(base.archive.pockets.includes(`${base.codename}-updates`));
    t.is(base.archive.securityPocket, `${base.codename}-security`);
  });
}

for (const id of ["ubuntu-24.04", "ubuntu-26.04"] as const) {
  test(`${id} answers the traps of its distribution`, async (t) => {
    const base = await loadBase(id);

    t.deepEqual(base.components, ["main", "universe"]);
    t.is(base.efi.vendor, "ubuntu");
    t.is(base.efi.shim[0], "/usr/lib/shim/shimx64.efi.signed.latest");
    t.is(base.efi.mokManager[0], "/usr/lib/shim/mmx64.efi");
    t.deepEqual(base.keyring.fingerprints, ["F6ECB3762474EDA9D21B7022871920D1991BC93C"]);
    t.true(base.packages.includes("grub-efi-amd64"));
    t.regex(base.upgrades.origins, /^origin=Ubuntu,archive=\$\{distro_codename\}-security$/);
    t.is(base.syslog.user, "syslog");
  });
}

test("Ubuntu 26.04 keeps dracut and uutils out and asks for the small firmware", async (t) => {
  const base = await loadBase("ubuntu-26.04");

  t.true(base.packages.includes("linux-firmware-minimal"));
  t.true(base.packages.includes("coreutils-from-gnu"));
  t.deepEqual(
    base.pins.flatMap(({ packages, priority }) => packages.map((name) => [name, priority])),
    [
      ["coreutils-from-uutils", -1],
      ["rust-coreutils", -1],
      ["dracut", -1],
      ["dracut-core", -1],
    ],
  );
  t.is(base.squid.major, 7);
});

test("the units that differ are named for each base", async (t) => {
  const [noble, resolute, trixie] = await Promise.all([
    loadBase("ubuntu-24.04"),
    loadBase("ubuntu-26.04"),
    loadBase("debian-13"),
  ]);

  t.is(noble.services.cloudInitNetwork, "cloud-init.service");
  t.is(resolute.services.cloudInitNetwork, "cloud-init-network.service");
  t.is(noble.services.auditRules, "auditd.service");
  t.is(trixie.services.auditRules, "audit-rules.service");
});

test("path filters cover both places a kernel may ship to, in order", (t) => {
  t.is(
    pathFilters("# why\n/usr/share/doc/*\n+/usr/share/doc/*/copyright\n\n{lib}/firmware/*\n"),
    [
      "path-exclude=/usr/share/doc/*",
      "path-include=/usr/share/doc/*/copyright",
      "path-exclude=/lib/firmware/*",
      "path-exclude=/usr/lib/firmware/*",
      "",
    ].join("\n"),
  );
});

test("no driver of a virtual or physical disk or card is filtered out", async (t) => {
  const filters = await loadPathFilters();

  for (const folder of [
    "scsi",
    "ata",
    "nvme",
    "message",
    "virtio",
    "hv",
    "xen",
    "net/ethernet",
    "net/hyperv",
  ]) {
    t.false(filters.includes(`kernel/drivers/${folder}/`), folder);
  }
});
