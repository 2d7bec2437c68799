import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test, { type ExecutionContext } from "ava";
import { tempFolder } from "../../appliance/kit/temp.ts";

/*
 * The installation medium's boot script, read by the shell that runs it in the initrd, with every absolute path below
 * a scratch folder. What needs a kernel (mounts, the switch of the root) is for the boot tests.
 */

const runFile = promisify(execFile);
const FOLDER = fileURLToPath(
  new URL("../../../overlays/installer/files/etc/initramfs-tools/", import.meta.url),
);
const MIB = 1024 * 1024;

/** Runs commands after the script's functions are there. Whatever is said on the console is in `said`. */
async function sh(
  t: ExecutionContext,
  root: string,
  commands: string,
): Promise<{ stdout: string; said: string }> {
  const text = readFileSync(join(FOLDER, "scripts/postern"), "utf8").replaceAll(
    /(?<![\w.*/}>])\/(sys|run|dev(?!\/null))\//g,
    `${root}/$1/`,
  );
  const script = text
    .replaceAll('"/dev/$console"', `"${root}/dev/$console"`)
    .replaceAll('"/dev/$name"', `"${root}/dev/$name"`);
  for (const folder of ["dev", "run/postern", "medium/postern"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "dev/console"), "");
  // A file in place of a terminal must be appended to.
  writeFileSync(
    join(root, "script"),
    script.replace(`>"${root}/dev/$console"; done`, `>>"${root}/dev/$console"; done`),
  );
  const start = `. ${root}/script; CONSOLES=console; MEDIUM=${root}/medium; ${commands}`;
  const { stdout } = await runFile("busybox", ["sh", "-c", start], { maxBuffer: 64 * MIB });
  t.log(stdout.slice(0, 200));
  return { stdout, said: readFileSync(join(root, "dev/console"), "utf8") };
}

for (const file of ["scripts/postern", "hooks/postern"]) {
  test(`shellcheck finds nothing in ${file}`, async (t) => {
    const { stdout } = await runFile("shellcheck", [join(FOLDER, file)]).catch(
      (error: { stdout: string }) => error,
    );
    t.is(stdout, "");
  });
}

const DURATIONS: [number, string][] = [
  [0, "0 s"],
  [89, "89 s"],
  [90, "2 min"],
  [5399, "90 min"],
  [5400, "1 h 30 min"],
];
for (const [seconds, text] of DURATIONS) {
  test(`${seconds} s are ${text}`, async (t) => {
    const { stdout } = await sh(t, tempFolder(t), `duration ${seconds}`);
    t.is(stdout, `${text}\n`);
  });
}

const PROGRESS: [done: number, total: number, seconds: number, text: string][] = [
  [0, 250, 0, "0 of 250 MiB, 0 %, 0 KiB/s"],
  [10, 250, 10, "10 of 250 MiB, 4 %, 1.0 MiB/s, about 4 min left"],
  [1, 250, 20, "1 of 250 MiB, 0 %, 51 KiB/s, about 83 min left"],
  [100, 250, 8, "100 of 250 MiB, 40 %, 12.5 MiB/s, about 12 s left"],
  [250, 250, 250, "250 of 250 MiB, 100 %, 1.0 MiB/s"],
];
for (const [done, total, seconds, text] of PROGRESS) {
  test(`progress: ${text}`, async (t) => {
    const { stdout } = await sh(t, tempFolder(t), `progress ${done} ${total} ${seconds}`);
    t.is(stdout, `${text}\n`);
    t.true(text.length < 72, "it fits into a line of a narrow screen");
  });
}

test("the command line says what to do; words of others are left alone", async (t) => {
  const line = "boot=postern postern.medium=abc quiet postern.sha256=def x=postern.check=1 postern.rescue=1";
  const { stdout } = await sh(t, tempFolder(t), `read_command_line '${line}'; echo "$ID $SHA256 $MODE"`);
  t.is(stdout, "abc def rescue\n");
});

for (const size of [4 * MIB, 5 * MIB + 17, 12]) {
  for (const there of [0, 2 * MIB]) {
    if (there >= size) continue;
    test(`a tree of ${size} bytes is read once, with ${there} of them there already`, async (t) => {
      const root = tempFolder(t);
      const bytes = randomBytes(size);
      writeFileSync(join(root, "tree"), bytes);
      if (there > 0) writeFileSync(join(root, "copy"), bytes.subarray(0, there));
      const read = `read_tree ${root}/tree ${size} ${root}/copy | hand_on ${root}/copy | sha256sum`;
      const { stdout, said } = await sh(t, root, read);
      t.is(stdout.split(" ")[0], createHash("sha256").update(bytes).digest("hex"));
      t.true(readFileSync(join(root, "copy")).equals(bytes));
      const total = Math.ceil((size - there) / MIB);
      t.regex(said, new RegExp(`\\r  ${total} of ${total} MiB, 100 %, .*\\n$`));
    });
  }
}

test("a medium that ends too early is tried again, then given up, and what was read stays", async (t) => {
  const root = tempFolder(t);
  writeFileSync(join(root, "tree"), randomBytes(3 * MIB));
  const { stdout, said } = await sh(
    t,
    root,
    `READ_TRIES=3; sleep() { :; }; read_tree ${root}/tree ${4 * MIB} ${root}/copy >/dev/null; echo $?`,
  );
  t.is(stdout, "1\n");
  t.is(said.match(/cannot be read at 3 MiB/g)?.length, 3);
  t.is(readFileSync(join(root, "copy")).length, 3 * MIB);
});

test("a wrong hash is said, what was read is thrown away, and nothing goes on before it is right", async (t) => {
  const root = tempFolder(t);
  const right = randomBytes(2 * MIB);
  const sum = createHash("sha256").update(right).digest("hex");
  const wrong = Buffer.from(right);
  wrong.writeUInt8(wrong.readUInt8(MIB) ^ 1, MIB);
  mkdirSync(join(root, "medium/postern"), { recursive: true });
  writeFileSync(join(root, "medium/postern/tree.squashfs"), wrong);
  writeFileSync(join(root, "right"), right);
  writeFileSync(join(root, "medium/postern/tree.json"), '{\n "version": "1.2.3",\n "base": "debian-13"\n}\n');
  const { stdout, said } = await sh(
    t,
    root,
    `ID=mark SHA256=${sum}; find_medium() { DEVICE=/dev/sr0; }; umount() { :; }
     try_again() { echo asked; ls ${root}/tree.squashfs 2>/dev/null; cp ${root}/right ${root}/medium/postern/tree.squashfs; }
     mount() { :; }; LIVE=${root}; read_medium; echo done`,
  );
  t.is(stdout, "asked\ndone\n", "it asked once, when the copy was gone");
  t.regex(said, /Reading Postern 1\.2\.3 \(debian-13\) from \/dev\/sr0/);
  t.regex(said, new RegExp(`WRONG: .*\\n  [0-9a-f]{64}\\nand should be\\n  ${sum}\\n`));
  t.true(readFileSync(join(root, "tree.squashfs")).equals(right));
});

test("what the installer reads is JSON, whatever the medium says of itself", async (t) => {
  const root = tempFolder(t);
  mkdirSync(join(root, "medium/postern"), { recursive: true });
  writeFileSync(join(root, "medium/postern/tree.json"), '{\n "version": "1.2.3",\n "base": "deb\\"ian"\n}\n');
  await sh(t, root, `LIVE=${root}; DEVICE=/dev/sr0 ID=ab SHA256=cd MODE=install; write_medium_json`);
  t.deepEqual(JSON.parse(readFileSync(join(root, "medium.json"), "utf8")), {
    ...{ device: "/dev/sr0", id: "ab", sha256: "cd", version: "1.2.3", base: "", mode: "install" },
  });
});

test("CD drives come first, then disks, then partitions; what is none or empty is left out", async (t) => {
  const root = tempFolder(t);
  const lay = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of ["loop0", "sda", "sda1", "nvme0n1", "sr0", "fd0", "ram0"])
    lay(`sys/class/block/${name}/size`, "8\n");
  lay("sys/class/block/sda1/partition", "1\n");
  lay("sys/class/block/sdb/size", "0\n");
  const { stdout } = await sh(t, root, "candidates");
  t.deepEqual(stdout.trim().split("\n"), ["sr0", "nvme0n1", "sda", "sda1"]);
});
