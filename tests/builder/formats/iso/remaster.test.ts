import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { openMedium, textOf } from "../../../../builder/formats/iso/read/open.ts";
import { remaster } from "../../../../builder/formats/iso/remaster.ts";
import { checkArtifact } from "../../../../builder/formats/read.ts";
import { run } from "../../../../builder/host/run.ts";
import { scratch } from "../../../kit/scratch.ts";
import { PROJECT, runCli } from "../../kit/cli.ts";
import { changed, ID, sampleIso } from "./kit.ts";

const EXAMPLE = join(PROJECT, "docs/settings.example.yaml");

async function opened(iso: string) {
  return openMedium(changed(await readFile(iso), () => {}));
}

test("settings and a wish are on the new medium, which starts as the old one does and is another one", async (t) => {
  const folder = await scratch(t);
  const source = await sampleIso(folder);
  const out = join(folder, "site.iso");
  const signal = new AbortController().signal;
  const id = await remaster({ source, out, signal, settings: "a: 1\n", install: "b: 2\n" });

  t.deepEqual((await checkArtifact(out, "iso")).problems, []);
  const [old, made] = [await opened(source), await opened(out)];
  t.not(id, ID);
  t.deepEqual(made.facts, { ...old.facts, id });
  t.is(await textOf(made.source, made.volume, "postern/settings.yaml"), "a: 1\n");
  t.is(await textOf(made.source, made.volume, "postern/install.yaml"), "b: 2\n");
  const paths = (medium: typeof old) =>
    [...medium.volume.files.keys()].filter((path) => !path.endsWith(".yaml")).sort();
  t.deepEqual(
    paths(made),
    paths(old)
      .map((path) => path.replace(ID, id))
      .sort(),
  );
  t.is((await stat(out)).mode & 0o777, 0o600);
  const { stdout } = await run("xorriso", [
    "-indev",
    out,
    "-report_el_torito",
    "plain",
    "-report_system_area",
    "plain",
  ]);
  t.regex(stdout, /grub2-mbr cyl-align-off GPT/);
  t.is(stdout.match(/El Torito boot img : .* (BIOS|UEFI) +y +none/g)?.length, 2);
  t.regex((await run("sgdisk", ["-v", out])).stdout, /No problems found/);
  t.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith(".")),
    [],
    "nothing half-made is left",
  );
});

test("the same additions give the same bytes, others another mark, and none are kept from before", async (t) => {
  const folder = await scratch(t);
  const source = await sampleIso(folder);
  const signal = new AbortController().signal;
  const make = async (name: string, from: string, additions: object): Promise<string> => {
    const out = join(folder, name);
    await remaster({ source: from, out, signal, ...additions });
    return out;
  };
  const one = await make("one.iso", source, { settings: "a: 1\n" });
  const two = await make("two.iso", source, { settings: "a: 1\n" });
  t.true((await readFile(one)).equals(await readFile(two)));
  const three = await opened(await make("three.iso", one, { install: "b: 2\n" }));
  t.false(three.volume.files.has("postern/settings.yaml"));
  t.not(three.facts.id, (await opened(one)).facts.id);
});

test("a damaged medium is refused, and what stood there stays", async (t) => {
  const folder = await scratch(t);
  const source = await sampleIso(folder);
  const bytes = await readFile(source);
  const { volume } = await opened(source);
  const kernel = volume.files.get("postern/vmlinuz")?.offset ?? 0;
  bytes.writeUInt8(bytes.readUInt8(kernel) ^ 1, kernel);
  await writeFile(source, bytes);
  const out = join(folder, "out.iso");
  await writeFile(out, "before");
  const error = await t.throwsAsync(
    remaster({ source, out, settings: "a: 1\n", signal: new AbortController().signal }),
    { code: "artifact.iso" },
  );
  t.regex(error?.message ?? "", /postern\/vmlinuz is not the one that was built/);
  t.is(await readFile(out, "utf8"), "before");
});

test("./postern iso: the whole way, with a word about the hash", async (t) => {
  const folder = await scratch(t);
  const source = await sampleIso(folder);
  const args = ["iso", "--settings", EXAMPLE, "--install-to", "serial=007", "--then=reboot", source];
  const { code, stdout, stderr } = await runCli(args, { cli: "real", cwd: folder });
  t.is(code, 0, stderr);
  t.regex(stdout, /sample-own\.iso .*\nits mark is [0-9a-f]{32}\n$/);
  t.regex(stderr, /holds a password's hash/);
  const made = await opened(join(folder, "sample-own.iso"));
  t.is(await textOf(made.source, made.volume, "postern/settings.yaml"), await readFile(EXAMPLE, "utf8"));
  t.is(
    await textOf(made.source, made.volume, "postern/install.yaml"),
    'disk:\n  serial: "007"\nthen: reboot\n',
  );
});

const WRONG: [args: string[], says: RegExp][] = [
  [[], /ISO: the file to start from/],
  [["x.iso"], /--settings or --install-to/],
  [["x.iso", "--then=reboot"], /--then: --install-to beside it/],
  [["x.iso", "--install-to=sda"], /--install-to: serial=\.\.\., wwn=/],
  [["x.iso", "--install-to=path=/etc/passwd"], /--install-to: a path below \/dev/],
  [["x.iso", "--install-to=serial=1", "--require-empty=perhaps", "--then=stay"], /2 problems[\s\S]*--then/],
  [["nowhere.iso", "--install-to=serial=1"], /there is no file .*nowhere\.iso/],
];
for (const [args, says] of WRONG) {
  test(`./postern iso ${args.join(" ")}`, async (t) => {
    const { code, stderr } = await runCli(["iso", ...args], { cli: "real", cwd: await scratch(t) });
    t.is(code, 2);
    t.regex(stderr, says);
  });
}

test("./postern iso: wrong settings are named, and the medium is not written over", async (t) => {
  const folder = await scratch(t);
  const source = await sampleIso(folder);
  const settings = join(folder, "settings.yaml");
  await writeFile(settings, "network: {}\nclients: 7\n");
  const wrong = await runCli(["iso", "--settings", settings, source], { cli: "real", cwd: folder });
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /clients/);
  const over = await runCli(["iso", "--settings", EXAMPLE, "--out", source, source], {
    cli: "real",
    cwd: folder,
  });
  t.is(over.code, 2);
  t.regex(over.stderr, /is the medium itself/);
});
