import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { pack } from "tar-stream";
import { OVF_SETTINGS } from "../../../appliance/intake/ovfproperties.ts";
import { PosternError } from "../../../builder/error.ts";
import { type OvaProduct, portableMachine } from "../../../builder/formats/ova/machine.ts";
import { manifestText, readManifest } from "../../../builder/formats/ova/manifest.ts";
import { renderOvf } from "../../../builder/formats/ova/ovf.ts";
import { readOvf } from "../../../builder/formats/ova/ovf-read.ts";
import { readOva } from "../../../builder/formats/ova/read.ts";
import { vsphereMachine } from "../../../builder/formats/ova/vsphere.ts";
import { type OvaOptions, writeOva } from "../../../builder/formats/ova/write.ts";
import { writeVmdk } from "../../../builder/formats/vmdk/write.ts";
import { run } from "../../../builder/host/run.ts";
import { EPOCH, memorySource, withFolder } from "../disk/kit.ts";
import { type Filling, isSame, optionsFor, withSource, writeRaw } from "./kit.ts";

const product: OvaProduct = { name: "Postern", vendor: "Postern", version: "1.0.0", distribution: "debian" };
const disk = { file: "x-disk1.vmdk", fileSize: 4711, capacity: 8 * 2 ** 30, populated: 65536 };
const PIECES = Array<Filling>(32).fill("hole").fill("text", 2, 20).fill("noise", 30);

async function ovaIn(folder: string, name = "postern"): Promise<{ raw: string; options: OvaOptions }> {
  const raw = await writeRaw(folder, `${name}.raw`, PIECES);
  const vmdk = join(folder, `${name}.vmdk`);
  await writeVmdk(optionsFor(raw, vmdk));
  const machine = portableMachine(13, 2, 2048);
  const options = { ...optionsFor(raw, join(folder, `${name}.ova`)), name, vmdk, machine, product };
  await writeOva(options);
  return { raw, options };
}

test("an OVA is plain ustar in the right order, the same bytes each time, and reads back", async (t) => {
  await withFolder(async (folder) => {
    const { raw, options } = await ovaIn(folder);
    const listing = (await run("tar", ["--numeric-owner", "-tvf", options.out])).stdout.trim().split("\n");
    const names = ["postern.ovf", "postern.mf", "postern-disk1.vmdk"];
    t.deepEqual(
      listing.map((entry) => entry.split(/\s+/).at(-1)),
      names,
    );
    t.true(listing.every((entry) => /^-rw-r--r-- 0\/0 .* 2026-01-01 00:00 /.test(entry)));
    await run("tar", ["-C", folder, "-xf", options.out]);
    const manifest = await readFile(join(folder, "postern.mf"), "utf8");
    for (const name of ["postern.ovf", "postern-disk1.vmdk"]) {
      const digest = createHash("sha256")
        .update(await readFile(join(folder, name)))
        .digest("hex");
      t.true(manifest.includes(`SHA256(${name})= ${digest}\n`));
    }
    await withSource(options.out, async (source) => {
      const reading = await readOva(source);
      t.deepEqual(reading.problems, []);
      t.true(await isSame(reading.disk, raw));
    });
    const again = join(folder, "again.ova");
    await writeOva({ ...options, out: again });
    t.true((await readFile(again)).equals(await readFile(options.out)));
  });
});

test("names and VMDKs that importers refuse are refused first, and nothing is left", async (t) => {
  await withFolder(async (folder) => {
    const { options } = await ovaIn(folder);
    const before = await readdir(folder);
    const foreign = join(folder, "postern.raw");
    const table = [
      { wrong: { name: "a/b" }, code: "artifact.ova" },
      { wrong: { name: "a b" }, code: "artifact.ova" },
      { wrong: { name: "x".repeat(81) }, code: "artifact.ova" },
      { wrong: { vmdk: foreign }, code: "artifact.vmdk" },
    ] as const;
    for (const { wrong, code } of table) {
      const writing = writeOva({ ...options, out: join(folder, "bad.ova"), ...wrong });
      t.is((await t.throwsAsync(writing, { instanceOf: PosternError }))?.code, code);
    }
    // Stopped before the first byte, and in the middle.
    for (const count of [0, 2]) {
      const stop = new AbortController();
      let pieces = 0;
      const bar = (): void => {
        if (++pieces >= count) stop.abort(new Error("stopped"));
      };
      if (count === 0) stop.abort(new Error("stopped"));
      const stopped = { ...options, out: join(folder, "bad.ova"), signal: stop.signal };
      const writing = writeOva({ ...stopped, progress: { ...options.progress, bar } });
      await t.throwsAsync(writing, { message: "stopped" });
      t.is(pieces >= 1, count > 0);
    }
    const whole = await readFile(options.out);
    await t.throwsAsync(writeOva(options), { code: "EEXIST" });
    t.true((await readFile(options.out)).equals(whole));
    t.deepEqual(await readdir(folder), before);
  });
});

type Members = { name: string; bytes: Buffer }[];

/** A tar of members, as someone else might make it. */
async function tarOf(members: Members, header: object = {}): Promise<Buffer> {
  const archive = pack();
  for (const { name, bytes } of members)
    archive.entry({ name, mode: 0o644, mtime: new Date(EPOCH), ...header }, bytes);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("a changed OVA is found, whatever was changed", async (t) => {
  await withFolder(async (folder) => {
    const { options } = await ovaIn(folder);
    await run("tar", ["-C", folder, "-xf", options.out]);
    const member = async (name: string) => ({ name, bytes: await readFile(join(folder, name)) });
    const ovf = await member("postern.ovf");
    const manifest = await member("postern.mf");
    const vmdk = await member("postern-disk1.vmdk");
    const good = [ovf, manifest, vmdk];
    t.deepEqual((await readOva(memorySource(await tarOf(good)))).problems, []);

    const text = ovf.bytes.toString();
    /** A new OVF with a manifest that fits it: only the OVF's own rules can find the change. */
    const withOvf = (changed: string): Members => {
      const bytes = Buffer.from(changed);
      const digests = new Map(readManifest(manifest.bytes.toString()).digests);
      digests.set(ovf.name, createHash("sha256").update(bytes).digest("hex"));
      return [
        { name: ovf.name, bytes },
        { name: manifest.name, bytes: Buffer.from(manifestText(digests)) },
        vmdk,
      ];
    };
    const changes: [string, Members, RegExp][] = [
      ["order", [manifest, ovf, vmdk], /not OVF, manifest, disk/],
      ["one more", [...good, { name: "x.txt", bytes: Buffer.from("x") }], /not OVF, manifest, disk/],
      ["one less", [ovf, manifest], /not OVF, manifest, disk/],
      [
        "OVF without its digest",
        [{ ...ovf, bytes: Buffer.from(`${text} `) }, manifest, vmdk],
        /digest of postern.ovf/,
      ],
      [
        "manifest's form",
        [ovf, { ...manifest, bytes: Buffer.from(manifest.bytes.toString().replace("(", " (")) }, vmdk],
        /manifest/,
      ],
      ["cut VMDK", [ovf, manifest, { ...vmdk, bytes: vmdk.bytes.subarray(0, -512) }], /empty sector/],
      ["folder", good.map(({ name, bytes }) => ({ name: `d/${name}`, bytes })), /name "d\/postern\.ovf"/],
      ["capacity", withOvf(text.replace('capacity="2"', 'capacity="3"')), /capacity is 3145728/],
      ["file size", withOvf(text.replace(/ovf:size="\d+"/, 'ovf:size="5"')), /file size is 5/],
      ["populated", withOvf(text.replace(/populatedSize="\d+"/, 'populatedSize="5"')), /populatedSize is 5/],
      [
        "two CPUs",
        withOvf(text.replace(/<Item>\s*<rasd:AllocationUnits>hertz[\s\S]*?<\/Item>/, "$&\n$&")),
        /type 3/,
      ],
    ];
    for (const [what, members, found] of changes) {
      const { problems } = await readOva(memorySource(await tarOf(members)));
      t.true(
        problems.some((problem) => found.test(problem)),
        `${what}: ${problems.join("; ")}`,
      );
    }
    const owned = await readOva(memorySource(await tarOf(good, { uid: 1000 })));
    t.is(owned.problems.length, 3);
    const cut = (await readFile(options.out)).subarray(0, -1024);
    t.true((await readOva(memorySource(cut))).problems.length > 0);
    await writeFile(join(folder, "noise"), Buffer.alloc(5000, 7));
    t.true((await withSource(join(folder, "noise"), readOva)).problems.length > 0);
  });
});

test("the portable OVF and the one for vSphere follow the importers' rules", async (t) => {
  const portable = portableMachine(13, 2, 4096);
  const vsphere = vsphereMachine(17);
  for (const machine of [portable, vsphere]) {
    const text = await renderOvf({ name: "postern & co", disk, machine, product });
    const { facts, problems } = readOvf(text);
    t.deepEqual(problems, []);
    t.deepEqual(facts, { file: disk.file, fileSize: 4711, capacity: disk.capacity, populated: 65536 });
  }
  const simple = await renderOvf({ name: "p", disk, machine: portable, product });
  for (const absent of [
    "DeploymentOptionSection",
    "vmw:Config",
    "<Property",
    "transport",
    "vbox:",
    "ExtraConfig",
  ]) {
    t.false(simple.includes(absent), absent);
  }
  t.regex(simple, /vmx-13<.*lsilogic.*E1000/s);
  const rich = await renderOvf({ name: "p", disk, machine: vsphere, product });
  t.regex(rich, /<Configuration ovf:default="true" ovf:id="small">/);
  // Importers that take the last of several get the default.
  t.true(rich.lastIndexOf('ovf:configuration="small"') > rich.lastIndexOf('ovf:configuration="large"'));
  t.regex(rich, /vmx-17<.*VirtualSCSI.*VmxNet3.*vmware\.sata\.ahci/s);
  t.regex(rich, /efiSecureBootEnabled" vmw:value="true"/);
  t.regex(rich, /ovf:transport="com\.vmware\.guestInfo iso"/);
  // A CD drive that a host does not know must not stop the import.
  t.regex(rich, /<Item ovf:required="false">(?:(?!<Item)[\s\S])*<rasd:ResourceType>15</);
});

test("vSphere asks for what the appliance reads, requires nothing, and says nothing for cloud-init", async (t) => {
  const text = await renderOvf({ name: "p", disk, machine: vsphereMachine(17), product });
  const property =
    /<Property ovf:key="([^"]+)" ovf:qualifiers="MaxLen\(\d+\)" ovf:type="string" ovf:userConfigurable="true" ovf:value="">/g;
  const keys = [...text.matchAll(property)].map(([, key]) => key);
  t.deepEqual(
    keys,
    OVF_SETTINGS.map(({ key }) => key),
  );
  t.is(text.match(/<Property /g)?.length, keys.length);
  // What cloud-init's OVF reader would take for its own.
  const foreign = ["hostname", "local-hostname", "password", "public-keys", "user-data", "network-config"];
  for (const key of [...foreign, "seedfrom", "instance-id"]) t.false(text.includes(`ovf:key="${key}"`), key);
  const headings = [...text.matchAll(/<Category>([^<]+)<\/Category>/g)].map(([, heading]) => heading);
  t.deepEqual(headings, [...new Set(OVF_SETTINGS.map(({ category }) => category))]);
  t.notRegex(text, /ovf:(password|required)="true"/);
});

test("a license agreement stands where VMware's own OVFs have it, line by line, and nowhere unasked", async (t) => {
  const machine = vsphereMachine(17);
  const eula = '\ufeffUse it <well> & "kindly".\r\n\r\n\tSecond part.\n\n';
  const text = await renderOvf({ name: "p", disk, machine, product, eula });
  t.deepEqual(readOvf(text).problems, []);
  const section =
    /<\/VirtualHardwareSection>\s*<EulaSection>\s*<Info>[^<]+<\/Info>\s*<License>([^<]*)<\/License>\s*<\/EulaSection>\s*<ProductSection>/;
  t.is(section.exec(text)?.[1], "Use it &lt;well&gt; &amp; &quot;kindly&quot;.\n\n\tSecond part.");
  t.false((await renderOvf({ name: "p", disk, machine, product })).includes("Eula"));
  const wrong = renderOvf({ name: "p", disk, machine, product, eula: "a form \f feed" });
  t.is((await t.throwsAsync(wrong, { instanceOf: PosternError }))?.code, "artifact.ovf");
});

test("the sizes grow, and each has room for the machines it names", (t) => {
  const { sizes } = vsphereMachine(17);
  t.deepEqual(
    sizes.map(({ id, cpus, memoryMiB }) => [id, cpus, memoryMiB]),
    [
      ["small", 2, 2048],
      ["medium", 2, 4096],
      ["large", 4, 6144],
    ],
  );
});

test("each rule about the OVF's items finds its fault", async (t) => {
  const text = await renderOvf({ name: "p", disk, machine: portableMachine(13, 2, 2048), product });
  const table: [string, string | RegExp, string, RegExp][] = [
    ["parent", "<rasd:Parent>3<", "<rasd:Parent>9<", /no controller/],
    ["disk", "ovf:/disk/vmdisk1<", "ovf:/disk/other<", /unknown disk/],
    ["network", "<rasd:Connection>VM Network<", "<rasd:Connection>Else<", /unknown network/],
    ["id", "<rasd:InstanceID>5<", "<rasd:InstanceID>4<", /not its own/],
    ["type", "<rasd:ResourceType>10<", "<rasd:ResourceType>32768<", /resource type 32768/],
    ["unit", /byte \* 2\^20<(?=.*Memory)/s, "MegaBytes<", /unit of memory/],
    [
      "order",
      /(<rasd:HostResource>.*?<\/rasd:HostResource>)\s*(<rasd:InstanceID>4.*?>)/,
      "$2$1",
      /<Item> holds/,
    ],
    ["format", "#streamOptimized", "#sparse", /disk's format/],
    ["href", 'href="x-disk1.vmdk"', 'href="../x.vmdk"', /file name/],
    ["number", 'populatedSize="65536"', 'populatedSize="1e9"', /populatedSize/],
    [
      "foreign element",
      "<vssd:ElementName>",
      "<vbox:Machine/><vssd:ElementName>",
      /<System> holds vbox:Machine/,
    ],
    ["foreign attribute", "<References>", '<References ovf:x="1">', /<References> has ovf:x/],
    ["missing attribute", ' ovf:id="file1"', "", /<File> has no ovf:id/],
    ["text", "<References>", "<References>x", /<References> holds text/],
    [
      "form",
      '<OperatingSystemSection ovf:id="96"',
      '<OperatingSystemSection ovf:id="Debian"',
      /ovf:id="Debian"/,
    ],
    [
      "sections",
      /(<DiskSection>[\s\S]*<\/NetworkSection>)([\s\S]*<\/VirtualSystem>)/,
      "$2$1",
      /<Envelope> holds/,
    ],
    ["envelope", "ovf/envelope/1", "ovf/envelope/2", /xmlns="http/],
  ];
  for (const [what, from, to, found] of table) {
    const changed = text.replace(from, to);
    t.not(changed, text, what);
    const { problems } = readOvf(changed);
    t.true(
      problems.some((problem) => found.test(problem)),
      `${what}: ${problems.join("; ")}`,
    );
  }
});

test("xmllint finds the OVF well-formed", async (t) => {
  const there = await run("sh", ["-c", "command -v xmllint || true"]);
  if (there.stdout === "") {
    t.log("skipped: no xmllint on this host (package libxml2-utils)");
    return t.pass();
  }
  for (const machine of [portableMachine(13, 2, 2048), vsphereMachine(17)]) {
    const text = await renderOvf({ name: "a & b", disk, machine, product });
    await t.notThrowsAsync(run("xmllint", ["--noout", "--nonet", "-"], { input: text }));
  }
});

test("only the exact manifest line is read", (t) => {
  const digest = "a".repeat(64);
  const digests = new Map([["a.ovf", digest]]);
  t.is(manifestText(digests), `SHA256(a.ovf)= ${digest}\n`);
  t.deepEqual(readManifest(manifestText(digests)), { digests, problems: [] });
  const line = `SHA256(a.ovf)= ${digest}`;
  for (const wrong of [
    line,
    `SHA256 (a.ovf) = ${digest}\n`,
    `SHA2-256(a.ovf)= ${digest}\n`,
    `SHA1(a.ovf)= ${digest.slice(24)}\n`,
    `SHA256(a.ovf)= ${digest.toUpperCase()}\n`,
    `SHA256(../a.ovf)= ${digest}\n`,
    `${line}\n${line}\n`,
    `${line}\r\n`,
    "",
  ]) {
    t.true(readManifest(wrong).problems.length > 0, JSON.stringify(wrong));
  }
});
