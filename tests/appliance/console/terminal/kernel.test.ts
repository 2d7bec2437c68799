import { readFileSync } from "node:fs";
import test from "ava";
import { execa } from "execa";
import { quietKernel } from "../../../../appliance/console/terminal/kernel.ts";
import { pathsUnder } from "../../../../appliance/paths.ts";
import { lay } from "../../kit/machine.ts";
import { tempFolder } from "../../kit/temp.ts";

const LOUD = new URL("../../../../overlays/console/files/usr/lib/postern/loud-kernel", import.meta.url)
  .pathname;

test("the last console to go puts the kernel's messages back", (t) => {
  const root = tempFolder(t);
  const level = () => readFileSync(`${root}/proc/sys/kernel/printk`, "utf8").trim();
  lay(root, "/proc/sys/kernel/printk", "4\t4\t1\t7\n");
  const paths = pathsUnder(root);

  const first = quietKernel(paths, "tty1");
  const second = quietKernel(paths, "ttyS0");
  t.is(level(), "1");
  first();
  t.is(level(), "1", "the other one is still on its screen");
  second();

  t.is(level(), "4");
});

test("for a killed console its unit does it, and only then", async (t) => {
  const root = tempFolder(t);
  const level = () => readFileSync(`${root}/proc/sys/kernel/printk`, "utf8").trim();
  lay(root, "/proc/sys/kernel/printk", "7\t4\t1\t7\n");
  const paths = pathsUnder(root);
  quietKernel(paths, "tty1");
  quietKernel(paths, "ttyS0");

  await execa("sh", [LOUD, "tty1", root]);
  t.is(level(), "1");
  await execa("sh", [LOUD, "ttyS0", root]);
  t.is(level(), "7");
  lay(root, "/proc/sys/kernel/printk", "3\n");
  await execa("sh", [LOUD, "ttyS0", root]);

  t.is(level(), "3", "a console that ended in order has nothing left to put right");
});
