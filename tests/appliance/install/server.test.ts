import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { firmwareText, readServer, serverName } from "../../../appliance/install/inventory/server.ts";
import { pathsUnder } from "../../../appliance/paths.ts";
import { lay } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";

const VARIABLE = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";

function layVariable(root: string, bytes: readonly number[]): void {
  mkdirSync(join(root, "/sys/firmware/efi/efivars"), { recursive: true });
  writeFileSync(join(root, VARIABLE), Buffer.from(bytes));
}

test("a server says who it is", async (t) => {
  const root = tempFolder(t);
  lay(root, "/sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
  lay(root, "/sys/class/dmi/id/product_name", "PowerEdge R650\n");
  lay(root, "/sys/class/dmi/id/product_serial", "ABC1234\n");
  layVariable(root, [6, 0, 0, 0, 1]);
  const server = await readServer(pathsUnder(root));
  t.is(serverName(server), "Dell Inc. PowerEdge R650, serial number ABC1234");
  t.is(firmwareText(server), "UEFI, Secure Boot is on");
});

test("a board that left the factory without a name", async (t) => {
  const root = tempFolder(t);
  for (const name of ["sys_vendor", "product_name", "product_serial"]) {
    lay(root, `/sys/class/dmi/id/${name}`, "To Be Filled By O.E.M.\n");
  }
  const server = await readServer(pathsUnder(root));
  t.is(serverName(server), "A server that does not say what it is");
  t.is(firmwareText(server), "BIOS");
});

test("Secure Boot is off, or not told", async (t) => {
  const off = tempFolder(t);
  layVariable(off, [6, 0, 0, 0, 0]);
  t.is(firmwareText(await readServer(pathsUnder(off))), "UEFI, Secure Boot is off");
  const cut = tempFolder(t);
  layVariable(cut, [6, 0]);
  t.is(firmwareText(await readServer(pathsUnder(cut))), "UEFI");
});
