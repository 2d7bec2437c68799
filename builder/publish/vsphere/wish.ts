/** Sizes that the OVA for vSphere asks for; the first is its default. */
export const SIZES = ["small", "medium", "large"] as const;
export const DISKS = ["thin", "thick"] as const;

/** What is to come about in vSphere. */
export interface VsphereWish {
  /** The OVA, as govc opens it. */
  ova: string;
  library?: LibraryWish;
  /** The machine that is made of it; none: only the item. */
  machine?: MachineWish;
}

/** A content library, and the name of the item in it. */
export interface LibraryWish {
  name: string;
  item: string;
}

export interface MachineWish {
  name: string;
  /** The inventory path or name of the network that the servers can reach. */
  network: string;
  size: (typeof SIZES)[number];
  disk: (typeof DISKS)[number];
  /** Where it goes, in govc's words: a name or an inventory path. What is left out, govc decides or asks for. */
  place: Readonly<Partial<Record<PlaceFlag, string>>>;
  /** OVF properties that have a value. */
  properties: ReadonlyMap<string, string>;
  powerOn: boolean;
  /** The address is that of an ESXi host without a vCenter. */
  onEsxi: boolean;
  /** Ask the server for the digests of what came. */
  checkUpload: boolean;
}

/** Our flag without its hyphens, and govc's. */
export const PLACES = {
  datacenter: "dc",
  datastore: "ds",
  pool: "pool",
  host: "host",
  folder: "folder",
} as const;

export type PlaceFlag = keyof typeof PLACES;
