import { open } from "node:fs/promises";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { fileSource } from "../../../../appliance/disk/bytes.ts";
import { scanPages } from "../../../../builder/publish/azure/pages.ts";
import { type Published, publishAzure } from "../../../../builder/publish/azure/publish.ts";
import type { AzureSettings } from "../../../../builder/publish/azure/settings.ts";
import { type Vhd, vhdAround } from "../../../../builder/publish/azure/vhd.ts";
import { scratch } from "../../../kit/scratch.ts";
import { quiet } from "../../disk/kit.ts";
import { diskIn } from "../../formats/artifacts.ts";
import { connectTo, type Doubles } from "./double/connect.ts";
import { type Manager, SUBSCRIPTION, startManager } from "./double/manager.ts";
import { type Storage, startStorage } from "./double/storage.ts";

export const SETTINGS: AzureSettings = {
  ...{ cloud: "public", auth: "cli", sku: "StandardSSD_LRS", parallel: 4 },
  ...{ subscription: SUBSCRIPTION, resourceGroup: "rg-proxy", location: "westeurope", disk: "proxy" },
};

export const GALLERY: AzureSettings = {
  ...SETTINGS,
  image: "proxy",
  gallery: {
    ...{ name: "images", definition: "postern", version: "1.0.0" },
    ...{ publisher: "postern", offer: "postern", sku: "postern", regions: ["northeurope"], replicas: 1 },
  },
};

export const DISK_PATH = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-proxy/providers/Microsoft.Compute/disks/proxy`;

export interface Place {
  folder: string;
  /** A raw disk of 24 MiB, most of it holes. */
  raw: string;
  vhd: Vhd;
  storage: Storage;
  manager: Manager;
  publish(settings?: AzureSettings, options?: Partial<PublishWish>): Promise<Published>;
  /** What the disk's blob holds now. */
  content(): Promise<Buffer>;
  /** The disk and its footer, as they should be there. */
  expected(): Promise<Buffer>;
}

export interface PublishWish extends Omit<Doubles, "manager"> {
  signal: AbortSignal;
  onPlan(text: string): void;
}

/** Doubles of Azure, and a disk to bring there. */
export async function azurePlace(t: ExecutionContext): Promise<Place> {
  const folder = await scratch(t);
  const raw = await diskIn(folder);
  const file = await open(raw);
  const disk = await fileSource(file);
  const vhd = await vhdAround(disk);
  const storage = await startStorage(folder);
  const manager = await startManager(storage);
  t.teardown(async () => {
    await manager.close();
    await storage.close();
    await file.close();
  });
  return {
    ...{ folder, raw, vhd, storage, manager },
    async publish(settings = SETTINGS, wish = {}) {
      const signal = wish.signal ?? new AbortController().signal;
      const services = await connectTo({
        ...{ tokens: ["token-1"], ...wish, manager: manager.double.port },
      })(settings, () => {});
      return publishAzure({
        ...{ services, settings, signal, vhd, progress: quiet },
        pages: await scanPages(disk, signal, () => {}),
        journals: join(folder, "journals"),
        onPlan: wish.onPlan ?? (() => {}),
      });
    },
    async content() {
      const blob = manager.blobs.get(DISK_PATH);
      return blob === undefined ? Buffer.alloc(0) : blob.read(0, blob.size);
    },
    expected: async () => Buffer.concat([await disk.read(0, disk.size), vhd.footer]),
  };
}
