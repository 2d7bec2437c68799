import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeExactly } from "../../../appliance/disk/bytes.ts";
import { gptBytes } from "../../../appliance/disk/gpt.ts";
import { derivedUuid } from "../../../appliance/disk/ids.ts";
import { writeHyperv } from "../../../builder/formats/hyperv/write.ts";
import { ENDINGS } from "../../../builder/formats/names.ts";
import { type OvaMachine, portableMachine } from "../../../builder/formats/ova/machine.ts";
import { writeOva } from "../../../builder/formats/ova/write.ts";
import { writeVmdk } from "../../../builder/formats/vmdk/write.ts";
import { WRITERS } from "../../../builder/formats/write.ts";
import type { Format } from "../../../builder/recipe/recipe.ts";
import { sampleIso } from "./iso/kit.ts";
import { type Filling, MIB, optionsFor, writeRaw } from "./kit.ts";
import { numbers } from "./mutate.ts";

/** A disk of 24 MiB with a partition table: data in few places, most of it holes, as the appliance's is. */
export async function diskIn(folder: string): Promise<string> {
  const raw = await writeRaw(
    folder,
    "disk.raw",
    Array<Filling>(384).fill("hole").fill("text", 24, 34).fill("text", 200, 204),
  );
  const id = (purpose: string): string => derivedUuid("artifact", purpose);
  const partitions = [{ type: id("type"), id: id("one"), name: "one", first: 2048, last: 8191 }];
  const table = gptBytes({ disk: id("disk"), sectorSize: 512, sectors: (24 * MIB) / 512, partitions });
  const file = await open(raw, "r+");
  await writeExactly(file, 0, table.start);
  await writeExactly(file, table.endOffset, table.end);
  // Bytes that do not pack, the same in each run.
  const next = numbers(1);
  const noise = Buffer.from(Uint32Array.from({ length: MIB / 16 }, () => next(2 ** 32)).buffer);
  await writeExactly(file, MIB, noise);
  await file.close();
  return raw;
}

/** Packs a disk by the real writer. @returns the path of the artifact, and nothing else is left. */
export async function artifactIn(
  folder: string,
  raw: string,
  format: Format,
  machine: OvaMachine = portableMachine(13, 2, 2048),
  name = "artifact",
): Promise<string> {
  const out = join(folder, `${name}${ENDINGS[format]}`);
  const options = optionsFor(raw, out);
  if (format === "iso") {
    await rename(await sampleIso(folder), out);
    return out;
  }
  if (format === "hyperv") {
    const vhdx = join(folder, "disk.vhdx");
    await WRITERS.vhdx({ ...options, out: vhdx });
    await writeHyperv({ ...options, vhdx, version: "1" });
    await rm(vhdx);
    return out;
  }
  if (format !== "ova") {
    await WRITERS[format](options);
    return out;
  }
  const vmdk = join(folder, "disk.vmdk");
  const product = { name: "Postern", vendor: "Postern", version: "1", distribution: "ubuntu" } as const;
  await writeVmdk({ ...options, out: vmdk });
  await writeOva({ ...options, vmdk, machine, product });
  await rm(vmdk);
  return out;
}
