import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { isoMenu } from "../../../../builder/formats/iso/menu.ts";
import { run } from "../../../../builder/host/run.ts";
import { hasTool } from "../../../appliance/kit/hastool.ts";
import { withFolder } from "../../disk/kit.ts";

const MENU = isoMenu({
  version: "1.0.0",
  id: "0".repeat(32),
  sha256: "1".repeat(64),
  initrdSize: 1,
  kernelArguments: ["quiet"],
});

test("an installed server starts its disk, which stands before everything else and is the default", (t) => {
  const titles = [...MENU.matchAll(/menuentry '([^']*)'/g)].map(([, title]) => title);
  t.is(titles[0], "Start the installed Postern");
  t.regex(MENU, /if search [^\n]*\/EFI\/postern\/installed\.json; then[\s\S]*set default=installed/);
  t.true(MENU.indexOf("set default=install\n") < MENU.indexOf("set default=installed\n"));
});

test("GRUB's own parser takes the whole menu", async (t) => {
  if (!hasTool("grub-script-check")) {
    t.log("skipped: no grub-script-check on this host (package grub-common)");
    return t.pass();
  }
  await withFolder(async (folder) => {
    const file = join(folder, "grub.cfg");
    await writeFile(file, MENU);
    await t.notThrowsAsync(run("grub-script-check", [file]));
  });
});
