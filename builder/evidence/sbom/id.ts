import { derivedUuid } from "../../../appliance/disk/ids.ts";
import type { Sbom } from "./model.ts";

/** A UUID for the SBOM in one of its formats: of all that is in it, so that another content never has the same. */
export function sbomUuid(sbom: Sbom, format: "spdx" | "cyclonedx"): string {
  return derivedUuid(JSON.stringify(sbom), `sbom ${format}`);
}

/** Seconds since 1970 as both formats write a time. */
export function timeText(epoch: number): string {
  return new Date(epoch * 1000).toISOString().replace(".000Z", "Z");
}
