import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import test from "ava";
import { verifyPath } from "../../../builder/evidence/verify.ts";
import { type OvaMachine, portableMachine } from "../../../builder/formats/ova/machine.ts";
import { vsphereMachine } from "../../../builder/formats/ova/vsphere.ts";
import { readArtifact } from "../../../builder/formats/read.ts";
import { FOOTER } from "../../../builder/formats/vhd/footer.ts";
import { BAT_OFFSET, HEADERS, LOG, METADATA, REGION_TABLES } from "../../../builder/formats/vhdx/layout.ts";
import type { Format } from "../../../builder/recipe/recipe.ts";
import { quiet, withFolder } from "../disk/kit.ts";
import { artifactIn, diskIn } from "./artifacts.ts";
import { MIB } from "./kit.ts";
import { blanked, mutations, type Span, watchedSource } from "./mutate.ts";

/** More than a run needs, to look for what 200 do not find. */
const PLACES = Number(process.env.POSTERN_MUTATIONS ?? 200);
/** Of 1 MiB, in the disk of the test. */
const BLOCKS = 24;
/** Of a GPT that begins a disk, and of its copy at the end. */
const GPT = { code: 440, start: 34 * 512, end: 33 * 512 };

/** Bytes that a reader of the lone file cannot judge, and why. What is not here must never change unseen. */
interface Unseen extends Span {
  why: string;
}

interface Container {
  name: string;
  format: Format;
  machine?: OvaMachine;
  /** Where the container describes itself. */
  structures(whole: Buffer): Span[];
  unseen(whole: Buffer): Unseen[];
  /** Brings what means the same to the reader of the lone file into one form. */
  settle?(bytes: Buffer): void;
}

const NO_SUM = "the disk's own bytes: the format has no sum of them, SHA256SUMS has";

const CONTAINERS: readonly Container[] = [
  ...[portableMachine(13, 2, 2048), vsphereMachine(17)].map(
    (machine): Container => ({
      name: `OVA, hardware ${machine.hardware}`,
      format: "ova",
      machine,
      // Both texts with their headers, and the VMDK to its first grains; the end of everything.
      structures: (whole) => [
        { start: 0, end: 30_000 },
        { start: whole.length - 4096, end: whole.length },
      ],
      unseen: () => [],
    }),
  ),
  {
    name: "VHDX",
    format: "vhdx",
    structures: () => [
      { start: 0, end: 600 },
      ...HEADERS.map((at) => ({ start: at, end: at + 100 })),
      ...REGION_TABLES.map((at) => ({ start: at, end: at + 100 })),
      { start: LOG.offset, end: LOG.offset + 8192 },
      { start: METADATA.offset, end: METADATA.offset + 200 },
      { start: METADATA.offset + METADATA.table, end: METADATA.offset + METADATA.table + 48 },
      { start: BAT_OFFSET, end: BAT_OFFSET + BLOCKS * 8 },
      { start: BAT_OFFSET + MIB, end: BAT_OFFSET + MIB + GPT.start },
    ],
    unseen: (whole) => {
      const payload = BAT_OFFSET + MIB;
      const id = METADATA.offset + METADATA.table + 16;
      return [
        { start: id, end: id + 16, why: "the disk's id: any is right" },
        { start: payload, end: payload + GPT.code, why: NO_SUM },
        { start: payload + GPT.start, end: whole.length - GPT.end, why: NO_SUM },
      ];
    },
    // Which of the disk's blocks are there is like their bytes: what is left of the table must be in order.
    settle: (bytes) => {
      const table = bytes.subarray(BAT_OFFSET, BAT_OFFSET + BLOCKS * 8);
      const entries = Array.from({ length: BLOCKS }, (_, index) => table.readBigUInt64LE(index * 8));
      for (const [index, entry] of entries.sort((a, b) => (a < b ? -1 : 1)).entries()) {
        table.writeBigUInt64LE(entry, index * 8);
      }
    },
  },
  {
    name: "VHD",
    format: "vhd",
    structures: (whole) => [
      { start: 0, end: GPT.start },
      { start: whole.length - FOOTER - GPT.end, end: whole.length - FOOTER },
      { start: whole.length - FOOTER, end: whole.length },
      { start: whole.length - FOOTER, end: whole.length - FOOTER + 88 },
    ],
    unseen: (whole) => {
      const footer = whole.length - FOOTER;
      return [
        { start: 0, end: GPT.code, why: NO_SUM },
        { start: GPT.start, end: footer - GPT.end, why: NO_SUM },
        { start: footer + 24, end: footer + 28, why: "the time: any is right if the checksum is" },
        { start: footer + 68, end: footer + 84, why: "the id: any is right if the checksum is" },
      ];
    },
  },
  {
    name: "ISO",
    format: "iso",
    // Both partition tables, descriptors, folders and boot catalogue; the end of everything.
    structures: (whole) => [
      { start: 0, end: 2048 },
      { start: 32_768, end: 32_768 + 400_000 },
      { start: whole.length - 40_960, end: whole.length },
    ],
    unseen: () => [],
  },
  {
    name: "zip for Hyper-V",
    format: "hyperv",
    // Both texts with their headers, the disk's header and first block; the directory with the end of the disk.
    structures: (whole) => [
      { start: 0, end: 200 },
      { start: 0, end: 12_000 },
      { start: whole.lastIndexOf(Buffer.from("PK\x01\x02", "latin1")) - 300, end: whole.length },
    ],
    unseen: () => [],
  },
];

for (const container of CONTAINERS) {
  const { name, format, machine, structures, unseen } = container;

  test(`${name}: of ${PLACES} changes none goes by unseen, and none stops the reader`, async (t) => {
    await withFolder(async (folder) => {
      const path = await artifactIn(folder, await diskIn(folder), format, machine);
      const whole = await readFile(path);
      t.deepEqual((await readArtifact(watchedSource(whole), path, format)).problems, []);
      const settled = (bytes: Buffer): Buffer => {
        const copy = blanked(bytes, unseen(whole));
        container.settle?.(copy);
        return copy;
      };
      const intact = settled(whole);
      let passed = 0;
      for (const { what, bytes } of mutations(whole, structures(whole), PLACES)) {
        const { problems } = await readArtifact(watchedSource(bytes), path, format);
        if (problems.length > 0) continue;
        t.true(settled(bytes).equals(intact), `unseen: ${what}`);
        passed += 1;
      }
      t.log(`${PLACES - passed} seen by the reader alone, ${passed} in what only SHA256SUMS can judge`);
      t.true(passed < PLACES / 4);
    });
  });

  if (unseen(Buffer.alloc(FOOTER)).length === 0) continue;
  test(`${name}: what its reader cannot judge, SHA256SUMS beside it does`, async (t) => {
    await withFolder(async (folder) => {
      const path = await artifactIn(folder, await diskIn(folder), format, machine);
      const whole = await readFile(path);
      const sum = createHash("sha256").update(whole).digest("hex");
      await writeFile(join(folder, "SHA256SUMS"), `${sum}  ${basename(path)}\n`);
      await writeFile(path, blanked(whole, unseen(whole).slice(0, 2)));
      const [verdict] = await verifyPath(path, new AbortController().signal, quiet);
      t.deepEqual(verdict?.problems[0], "SHA256SUMS: its SHA-256 is not the one in SHA256SUMS");
    });
  });
}
