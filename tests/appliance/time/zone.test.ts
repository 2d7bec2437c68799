import { existsSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import test from "ava";
import { hypervisorText } from "../../../appliance/time/chrony.ts";
import { checkZone, isZoneNew, setZone } from "../../../appliance/time/zone.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";

test("the link leads to the zone, and once it does nothing is due", async (t) => {
  const machine = makeMachine(tempFolder(t));
  const link = machine.paths.at("/etc/localtime");
  t.false(await isZoneNew(machine, "UTC"));
  t.true(await isZoneNew(machine, "Europe/Berlin"));

  await setZone(machine, "Europe/Berlin");

  t.is(readlinkSync(link), "/usr/share/zoneinfo/Europe/Berlin");
  t.false(await isZoneNew(machine, "Europe/Berlin"));
  t.false(existsSync(`${link}.postern-new`));
});

test("a relative link, and none at all, are understood", async (t) => {
  const machine = makeMachine(tempFolder(t));
  const link = machine.paths.at("/etc/localtime");
  rmSync(link);
  t.true(await isZoneNew(machine, "UTC"));
  await setZone(machine, "UTC");
  rmSync(link);
  symlinkSync("../usr/share/zoneinfo/UTC", link);
  t.false(await isZoneNew(machine, "UTC"));
});

test("a zone that the machine does not have is refused, where it has zones", async (t) => {
  const machine = makeMachine(tempFolder(t));
  await t.notThrowsAsync(checkZone(machine, "US/Eastern"));
  mkdirSync(machine.paths.at("/usr/share/zoneinfo"), { recursive: true });
  lay(machine.paths.root, "/usr/share/zoneinfo/Europe/Berlin", "TZif");

  await t.notThrowsAsync(checkZone(machine, "Europe/Berlin"));
  await t.throwsAsync(checkZone(machine, "US/Eastern"), { code: "input.settings", message: /US\/Eastern/ });
});

test("the hypervisor's clock is a word on a line of its own", (t) => {
  t.regex(hypervisorText(true), /^yes$/m);
  t.regex(hypervisorText(false), /^no$/m);
});
