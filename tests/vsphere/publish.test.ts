import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { ovfDocument } from "../../appliance/intake/ovfdocument.ts";
import { parseOvfEnvironment } from "../../appliance/intake/ovfenvironment.ts";
import { vsphereMachine } from "../../builder/formats/ova/vsphere.ts";
import { run } from "../../builder/host/run.ts";
import { artifactIn, diskIn } from "../builder/formats/artifacts.ts";
import { type Ended, PROJECT, runCli } from "../builder/kit/cli.ts";
import { scratch } from "../kit/scratch.ts";
import { kitOrReason, LONGEST_BUILD, makeKit } from "./program.ts";
import { type Vcenter, withVcenter } from "./vcenter.ts";

/** `./postern publish vsphere` itself, with govc's own code, against a simulated vCenter and ESXi host. */
const found = await kitOrReason();
if ("reason" in found) console.log(`skipped, ${found.reason}: publish vsphere against a simulated vCenter`);
const serial = "reason" in found ? test.skip : test.serial;

const HASH = `$y$j9T$${"a".repeat(22)}$${"w".repeat(43)}`;
const SETTINGS = `schema: 1
hostname: proxy-01 # "quoted", $HOME and \`date\`
clients: [{ cidr: 10.20.0.0/16, label: "R&D (north)" }]
admin: { passwordHash: ${HASH} }
`;
const ENCODED = Buffer.from(SETTINGS).toString("base64");

interface Place {
  vcenter: Vcenter;
  folder: string;
  settings: string;
  /** Runs `./postern publish vsphere` on a small OVA. */
  publish(...args: string[]): Promise<Ended>;
  properties(name: string): Promise<Map<string, string>>;
}

async function place(
  t: ExecutionContext,
  body: (place: Place) => Promise<void>,
  kind: readonly "esxi"[] = [],
): Promise<void> {
  if ("reason" in found) return t.fail(found.reason);
  t.timeout(LONGEST_BUILD, "the first build of govmomi takes minutes");
  const kit = await makeKit(found.go);
  const folder = await scratch(t);
  const settings = join(folder, "it's settings.yaml");
  await writeFile(settings, SETTINGS);
  const ova = await artifactIn(folder, await diskIn(folder), "ova", vsphereMachine(17), "postern-vsphere");
  await symlink(kit, join(folder, "govc"));
  await withVcenter(
    kit,
    async (vcenter) => {
      const env = { ...vcenter.env, PATH: `${folder}:${process.env.PATH}` };
      await body({
        vcenter,
        folder,
        settings,
        publish: (...args) =>
          runCli(["publish", "vsphere", ova, ...args], { cli: "real", cwd: PROJECT, env }),
        async properties(name) {
          const info = JSON.parse(await vcenter.govc("vm.info", "-json", name));
          const all: { id: string; value?: string }[] = info.virtualMachines[0].config.vAppConfig.property;
          return new Map(all.map(({ id, value }) => [id, value ?? ""]));
        },
      });
    },
    kind,
  );
}

async function machine({ vcenter }: Place, name: string) {
  const info = JSON.parse(await vcenter.govc("vm.info", "-json", name));
  const { config, runtime } = info.virtualMachines[0];
  const { numCPU, memoryMB } = config.hardware;
  return { numCPU, memoryMB, power: runtime.powerState, version: config.version };
}

/** What a person saw holds neither the hash nor the settings. */
function noSecret(t: ExecutionContext, { stdout, stderr }: Ended): void {
  for (const secret of [HASH, ENCODED]) t.false(`${stdout}${stderr}`.includes(secret));
}

serial("a virtual machine with settings, size and one property more", async (t) => {
  await place(t, async (at) => {
    const flags = ["--name=proxy-01", "--network=VM Network", `--settings=${at.settings}`];
    const more = ["--size=medium", "--property", "postern.hostname=proxy-02", "--power-on"];
    const ended = await at.publish(...flags, ...more);
    t.deepEqual([ended.code, ended.stdout], [0, "/DC0/vm/proxy-01\n"], ended.stderr);
    t.regex(ended.stderr, /size medium, thin disk/);
    t.regex(ended.stderr, /hash of the console password can be read/);
    noSecret(t, ended);
    t.like(await machine(at, "proxy-01"), {
      numCPU: 2,
      memoryMB: 4096,
      power: "poweredOn",
      version: "vmx-17",
    });
    const { document, problems, unknown } = ovfDocument(await at.properties("proxy-01"));
    t.deepEqual([problems, unknown], [[], []]);
    t.like(document, {
      hostname: "proxy-02",
      clients: [{ cidr: "10.20.0.0/16", label: "R&D (north)" }],
      admin: { passwordHash: HASH },
    });

    const again = await at.publish(...flags);
    t.is(again.code, 2);
    t.regex(again.stderr, /error input\.vsphere: .*\/DC0\/vm\/proxy-01 already/);
  });
});

serial("a content library, a machine of the item there, and nothing twice", async (t) => {
  await place(t, async (at) => {
    const none = await at.publish("--library=images");
    t.regex(none.stderr, /error input\.vsphere: there is no content library images\nhint: .*library\.create/);
    t.is(none.code, 2);
    await at.vcenter.govc("library.create", "images");
    const ended = await at.publish(
      "--library=images",
      "--name=proxy-03",
      "--network=VM Network",
      "--size=large",
    );
    t.deepEqual([ended.code, ended.stdout], [0, "/DC0/vm/proxy-03\n"], ended.stderr);
    t.like(await machine(at, "proxy-03"), { numCPU: 4, power: "poweredOff" });
    const devices = await at.vcenter.govc("device.ls", "-vm=proxy-03");
    for (const type of ["VirtualVmxnet3", "VirtualCdrom", "ParaVirtualSCSIController"])
      t.true(devices.includes(type), type);
    t.regex(await at.vcenter.govc("library.info", "/images/postern-vsphere"), /Type: +ovf/);
    t.regex((await at.publish("--library=images")).stderr, /images has an item postern-vsphere already/);
  });
});

serial("the commands of a dry run, read by a shell, come to the same machine", async (t) => {
  await place(t, async (at) => {
    const flags = (name: string) => [`--name=${name}`, "--network=VM Network", `--settings=${at.settings}`];
    const property = ["--property", "postern.clients=10.1.0.0/16=R&D, 10.2.0.0/16"];
    const dry = await at.publish(...flags("by-hand"), ...property, "--dry-run");
    t.is(dry.code, 0, dry.stderr);
    noSecret(t, dry);
    t.is((await at.vcenter.govc("find", "/", "-type", "m")).trim(), "");
    const env = { ...at.vcenter.env, PATH: `${at.folder}:${process.env.PATH}` };
    await run("sh", ["-e"], { input: dry.stdout, env });
    t.is((await at.publish(...flags("by-postern"), ...property)).code, 0);
    t.deepEqual(await machine(at, "by-hand"), await machine(at, "by-postern"));
    const properties = await at.properties("by-hand");
    t.deepEqual(properties, await at.properties("by-postern"));
    t.is(properties.get("postern.settings"), ENCODED);
    t.is(properties.get("postern.clients"), "10.1.0.0/16=R&D, 10.2.0.0/16");
  });
});

serial("what fails half-way is taken away again", async (t) => {
  await place(t, async (at) => {
    // The simulator says no SHA-256 of what came, so this fails after the upload.
    const ended = await at.publish("--name=proxy-04", "--network=VM Network", "--check-upload");
    t.is(ended.code, 4, ended.stderr);
    t.regex(ended.stderr, /error network\.vsphere: [\s\S]*manifest checksum type/);
    t.regex(ended.stderr, /taken away again/);
    t.is((await at.vcenter.govc("find", "/", "-type", "m")).trim(), "");
  });
});

serial("an ESXi host: settings only by --esxi, and then where the appliance looks", async (t) => {
  await place(
    t,
    async (at) => {
      const flags = ["--name=proxy-05", "--network=VM Network", `--settings=${at.settings}`];
      t.regex((await at.publish(...flags)).stderr, /error input\.vsphere: .*does not hand settings/);
      const ended = await at.publish(...flags, "--esxi");
      t.is(ended.code, 0, ended.stderr);
      const info = JSON.parse(await at.vcenter.govc("vm.info", "-json", "proxy-05"));
      const extra: { key: string; value: string }[] = info.virtualMachines[0].config.extraConfig;
      const xml = extra.find(({ key }) => key === "guestinfo.ovfEnv")?.value ?? "";
      const { document } = ovfDocument(parseOvfEnvironment(xml));
      t.like(document, { hostname: "proxy-01", admin: { passwordHash: HASH } });
    },
    ["esxi"],
  );
});

serial(
  "a server that does not answer, and a vCenter with --esxi, are told; no password is shown",
  async (t) => {
    await place(t, async (at) => {
      const flags = ["--name=proxy-06", "--network=VM Network"];
      t.regex((await at.publish(...flags, "--esxi")).stderr, /--esxi is given, and this is a vCenter/);
      const env = {
        PATH: `${at.folder}:${process.env.PATH}`,
        GOVC_URL: "https://someone:s3cr3t@127.0.0.1:1/sdk",
      };
      const args = ["publish", "vsphere", at.folder, ...flags];
      const ended = await runCli(args, { cli: "real", cwd: PROJECT, env });
      t.is(ended.code, 4);
      t.regex(ended.stderr, /error network\.vsphere: /);
      t.notRegex(ended.stderr, /s3cr3t|someone/);
    });
  },
);
