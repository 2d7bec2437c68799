import { randomBytes, randomUUID } from "node:crypto";
import type { DiskIds } from "../../disk/ids.ts";

/** Ids that no other machine has: an image's are the recipe's, an installed machine's are its own. */
export function freshIds(): DiskIds {
  return {
    disk: randomUUID(),
    biosBoot: randomUUID(),
    esp: randomUUID(),
    root: randomUUID(),
    log: randomUUID(),
    rootUuid: randomUUID(),
    logUuid: randomUUID(),
    rootHashSeed: randomUUID(),
    logHashSeed: randomUUID(),
    // 0 is read as "none" by some tools.
    espSerial: randomBytes(4).readUInt32BE(0) || 1,
  };
}
