import { PosternError } from "../../error.ts";
import type { SectorSize } from "../gpt.ts";

/** FAT12, FAT16 or FAT32: by the number of clusters and nothing else. */
export type FatType = 12 | 16 | 32;

/** Where the parts of a FAT file system lie, in sectors from its start. */
export interface FatGeometry {
  type: FatType;
  sectorSize: SectorSize;
  sectors: number;
  /** Sectors of a cluster. */
  clusterSectors: number;
  clusters: number;
  reserved: number;
  /** Sectors of one of the two tables. */
  tableSectors: number;
  /** Entries of the fixed root directory; 0 on FAT32, where the root is a chain. */
  rootEntries: number;
  rootSectors: number;
  /** First sector of cluster 2. */
  dataStart: number;
}

/** Cluster counts of each type (Microsoft's FAT specification 1.03, page 14); 16 off the edges, as it advises. */
const CLUSTERS = { 12: [16, 4068], 16: [4101, 65508], 32: [65541, 0x0ffffff0] } as const;
const TABLES = 2;
const ROOT_ENTRIES = 512;
const LARGEST_CLUSTER = 32 * 1024;

/**
 * The geometry for a size in bytes: the smallest type and clusters that reach it, or the type asked for.
 *
 * @throws PosternError `artifact.fat-size` when no geometry has that size.
 */
export function fatGeometry(size: number, sectorSize: SectorSize, type?: FatType): FatGeometry {
  const types: readonly FatType[] = type === undefined ? [12, 16, 32] : [type];
  for (const candidate of types) {
    for (const clusterSectors of clusterChoices(sectorSize, candidate)) {
      const geometry = geometryOf(candidate, Math.floor(size / sectorSize), sectorSize, clusterSectors);
      const [least, most] = CLUSTERS[candidate];
      if (geometry.clusters >= least && geometry.clusters <= most) return geometry;
    }
  }
  throw new PosternError({
    code: "artifact.fat-size",
    message: `no FAT${type ?? ""} file system has ${size} bytes in sectors of ${sectorSize}`,
    hint: "Choose another size for the file system.",
  });
}

/** Small clusters waste little; on FAT32 pages keep the table short. Above 16 MiB FAT16 serves better than FAT12. */
function clusterChoices(sectorSize: SectorSize, type: FatType): number[] {
  const choices: number[] = [];
  for (let sectors = 1; sectors * sectorSize <= LARGEST_CLUSTER; sectors *= 2) choices.push(sectors);
  const pages = choices.filter((sectors) => sectors * sectorSize <= 4096);
  if (type === 32) return pages.reverse();
  return type === 12 ? pages : choices;
}

function geometryOf(
  type: FatType,
  sectors: number,
  sectorSize: SectorSize,
  clusterSectors: number,
): FatGeometry {
  const reserved = type === 32 ? 32 : 1;
  const rootEntries = type === 32 ? 0 : ROOT_ENTRIES;
  const rootSectors = (rootEntries * 32) / sectorSize;
  const free = sectors - reserved - rootSectors;
  // One round with the table as large as all free sectors would need: a few spare table entries do no harm.
  const entries = Math.ceil(free / clusterSectors) + 2;
  const tableSectors = Math.ceil((entries * type) / 8 / sectorSize);
  const dataStart = reserved + TABLES * tableSectors + rootSectors;
  const clusters = Math.floor((sectors - dataStart) / clusterSectors);
  return {
    type,
    sectorSize,
    sectors,
    clusterSectors,
    clusters,
    reserved,
    tableSectors,
    rootEntries,
    rootSectors,
    dataStart,
  };
}
