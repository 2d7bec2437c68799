import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { OVF_SETTINGS } from "../../appliance/intake/ovfproperties.ts";
import { portableMachine } from "../../builder/formats/ova/machine.ts";
import { vsphereMachine } from "../../builder/formats/ova/vsphere.ts";
import { run } from "../../builder/host/run.ts";
import { withFolder } from "../builder/disk/kit.ts";
import { artifactIn, diskIn } from "../builder/formats/artifacts.ts";
import { kitOrReason, LONGEST_BUILD, makeKit } from "./program.ts";
import { type Vcenter, withVcenter } from "./vcenter.ts";

/**
 * Both OVAs through govmomi, VMware's own Go library: its import into a simulated vCenter, and what it makes of the
 * OVF. Its check of the manifest (`-m`) takes a real server. `POSTERN_DIST` names a folder with the OVAs of a build; else small ones are made.
 */
const found = await kitOrReason();
if ("reason" in found) console.log(`skipped, ${found.reason}: the OVAs through govmomi`);
const serial = "reason" in found ? test.skip : test.serial;
const program = (): Promise<string> => {
  if ("reason" in found) throw new Error(found.reason);
  return makeKit(found.go);
};

serial("govmomi is made", async (t) => {
  t.timeout(LONGEST_BUILD, "the first build of govmomi takes minutes");
  await program();
  t.pass();
});

interface Unpacked {
  ova: string;
  ovf: string;
}

const VSPHERE_DEVICES = [
  "ParaVirtualSCSIController",
  "VirtualAHCIController",
  "VirtualCdrom",
  "VirtualDisk",
  "VirtualVmxnet3",
];

const SMALL = { portable: portableMachine(13, 2, 4096), vsphere: vsphereMachine(17) };

async function unpacked(folder: string, kind: keyof typeof SMALL): Promise<Unpacked> {
  const dist = process.env.POSTERN_DIST;
  const built = dist === undefined ? [] : await readdir(dist);
  const name = built.find((one) => one.endsWith(".ova") && one.includes("-vsphere") === (kind === "vsphere"));
  const small = (): Promise<string> =>
    diskIn(folder).then((raw) => artifactIn(folder, raw, "ova", SMALL[kind]));
  const ova = dist !== undefined && name !== undefined ? join(dist, name) : await small();
  const { stdout } = await run("tar", ["-tf", ova]);
  await run("tar", ["-C", folder, "-xf", ova]);
  const [descriptor = ""] = stdout.split("\n");
  return { ova, ovf: await readFile(join(folder, descriptor), "utf8") };
}

interface Machine {
  config: {
    version: string;
    guestId: string;
    hardware: { numCPU: number; memoryMB: number; device: { capacityInKB?: number }[] };
    vAppConfig?: {
      property?: { id: string; value?: string; category?: string; userConfigurable?: boolean }[];
    };
  };
}

async function machineIn(vcenter: Vcenter, name: string): Promise<Machine["config"] | undefined> {
  const info: { virtualMachines?: Machine[] } = JSON.parse(await vcenter.govc("vm.info", "-json", name));
  return info.virtualMachines?.[0]?.config;
}

serial("the portable OVA is imported, and is the machine it describes", async (t) => {
  const kit = await program();
  await withFolder(async (folder) => {
    const { ova, ovf } = await unpacked(folder, "portable");
    await withVcenter(kit, async (vcenter) => {
      const spec = JSON.parse(await vcenter.govc("import.spec", "-verbose", ova));
      t.is(spec.AllDeploymentOptions, undefined);
      t.is(spec.PropertyMapping ?? null, null);
      await vcenter.govc("import.ova", "-name=portable", ova);
      const machine = await machineIn(vcenter, "portable");
      t.like(machine?.hardware, { numCPU: 2, memoryMB: 4096 });
      const devices = await vcenter.govc("device.ls", "-vm=portable");
      for (const type of ["VirtualLsiLogicController", "VirtualDisk", "VirtualE1000"]) {
        t.regex(devices, new RegExp(`\\s${type}\\s`));
      }
      const capacity = Number(/ovf:capacity="(\d+)"/.exec(ovf)?.[1]);
      t.true(machine?.hardware.device.some(({ capacityInKB }) => capacityInKB === capacity * 1024));
    });
  });
});

serial(
  "the OVA for vSphere: each size, and the settings that were filled in, arrive in the machine",
  async (t) => {
    const kit = await program();
    await withFolder(async (folder) => {
      const { ova, ovf } = await unpacked(folder, "vsphere");
      await withVcenter(kit, async (vcenter) => {
        const spec = JSON.parse(await vcenter.govc("import.spec", "-verbose", ova));
        const { sizes } = SMALL.vsphere;
        t.deepEqual(
          spec.AllDeploymentOptions,
          sizes.map(({ id }) => id),
        );
        t.is(spec.Deployment, "small");
        const keys = spec.PropertyMapping.map(({ Key }: { Key: string }) => Key);
        t.deepEqual(
          keys,
          OVF_SETTINGS.map(({ key }) => key),
        );
        for (const { id, cpus, memoryMiB } of sizes) {
          const options = join(folder, `${id}.json`);
          const [first] = keys;
          const PropertyMapping = keys.map((Key: string) => ({ Key, Value: Key === first ? "proxy1" : "" }));
          const NetworkMapping = [{ Name: "VM Network", Network: "VM Network" }];
          await writeFile(
            options,
            JSON.stringify({ Deployment: id, Name: id, PropertyMapping, NetworkMapping }),
          );
          await vcenter.govc("import.ova", `-options=${options}`, ova);
          const machine = await machineIn(vcenter, id);
          t.like(machine?.hardware, { numCPU: cpus, memoryMB: memoryMiB }, id);
          const properties = machine?.vAppConfig?.property ?? [];
          t.deepEqual(
            properties.map((property) => property.id),
            keys,
          );
          t.is(properties.find((property) => property.id === first)?.value, "proxy1");
          t.true(properties.every(({ userConfigurable }) => userConfigurable === true));
          const devices = await vcenter.govc("device.ls", `-vm=${id}`);
          for (const type of VSPHERE_DEVICES) t.regex(devices, new RegExp(`\\s${type}\\s`));
          const capacity = Number(/ovf:capacity="(\d+)"/.exec(ovf)?.[1]);
          t.true(machine?.hardware.device.some(({ capacityInKB }) => capacityInKB === capacity * 1024));
        }
      });
    });
  },
);

serial(
  "govmomi makes of the OVF for vSphere the whole machine: EFI with Secure Boot and every device",
  async (t) => {
    const kit = await program();
    await withFolder(async (folder) => {
      const { ovf } = await unpacked(folder, "vsphere");
      const spec = JSON.parse((await run(kit, ["configspec"], { input: ovf })).stdout);
      const [small] = SMALL.vsphere.sizes;
      t.like(spec, {
        version: "vmx-17",
        firmware: "efi",
        bootOptions: { efiSecureBootEnabled: true },
        numCPUs: small.cpus,
        memoryMB: small.memoryMiB,
      });
      const types: string[] = spec.deviceChange.map(
        ({ device }: { device: { _typeName: string } }) => device._typeName,
      );
      t.deepEqual(types.sort(), VSPHERE_DEVICES);
    });
  },
);

serial(
  "govmomi makes of the portable OVF a machine with BIOS and devices that every hypervisor has",
  async (t) => {
    const kit = await program();
    await withFolder(async (folder) => {
      const { ovf } = await unpacked(folder, "portable");
      const spec = JSON.parse((await run(kit, ["configspec"], { input: ovf })).stdout);
      t.like(spec, { version: "vmx-13", numCPUs: 2, memoryMB: 4096 });
      t.not(spec.firmware, "efi");
    });
  },
);
