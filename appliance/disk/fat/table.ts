import type { FatGeometry } from "./geometry.ts";

const MEDIA = 0xf8;

/** Hands out clusters in ascending order and keeps the chains. */
export class ClusterTable {
  readonly #geometry: FatGeometry;
  /** Index is the cluster; the value its successor, or `end`. */
  readonly #next: number[];
  readonly #end: number;

  constructor(geometry: FatGeometry) {
    this.#geometry = geometry;
    this.#end = { 12: 0xfff, 16: 0xffff, 32: 0x0fffffff }[geometry.type];
    this.#next = [this.#end - 0xff + MEDIA, this.#end];
  }

  /** Clusters handed out. */
  get used(): number {
    return this.#next.length - 2;
  }

  get bytesPerCluster(): number {
    return this.#geometry.clusterSectors * this.#geometry.sectorSize;
  }

  /** A chain for `bytes` bytes, one cluster after the other: its first cluster, 0 for no bytes. */
  allocate(bytes: number): number {
    const count = Math.ceil(bytes / this.bytesPerCluster);
    if (count === 0) return 0;
    const first = this.#next.length;
    for (let index = 1; index < count; index++) this.#next.push(first + index);
    this.#next.push(this.#end);
    return first;
  }

  /** Where a cluster lies, in bytes from the start of the file system. */
  offsetOf(cluster: number): number {
    const { dataStart, clusterSectors, sectorSize } = this.#geometry;
    return (dataStart + (cluster - 2) * clusterSectors) * sectorSize;
  }

  /** The table as it stands on the disk, up to the last cluster used. */
  bytes(): Buffer {
    const { type } = this.#geometry;
    const count = this.#next.length;
    const table = Buffer.alloc(Math.ceil((count * type) / 8) + 1);
    this.#next.forEach((value, cluster) => {
      if (type === 32) table.writeUInt32LE(value, cluster * 4);
      else if (type === 16) table.writeUInt16LE(value, cluster * 2);
      else writeTwelve(table, cluster, value);
    });
    return table.subarray(0, Math.ceil((count * type) / 8));
  }
}

/** Two FAT12 values share three bytes. */
function writeTwelve(table: Buffer, cluster: number, value: number): void {
  const at = cluster + (cluster >> 1);
  const old = table.readUInt16LE(at);
  table.writeUInt16LE(cluster & 1 ? (old & 0x000f) | (value << 4) : (old & 0xf000) | value, at);
}
