import type { BuildRecord } from "../record.ts";

/** What a file of a build is for. */
export interface FileUse {
  /** Where it is taken to, or what it tells. */
  use: string;
  /** A page of Postern's documentation; some files need none. */
  read?: string;
}

interface Ending extends FileUse {
  ending: string;
  kind: "image" | "evidence";
}

/** By what stands behind the build's stem; the first that fits. */
const ENDINGS: readonly Ending[] = [
  {
    ending: "-vsphere.ova",
    kind: "image",
    use: "VMware vSphere 7 and newer: UEFI, Secure Boot; settings are asked on import",
    read: "docs/import-vmware.md",
  },
  {
    ending: ".ova",
    kind: "image",
    use: "VirtualBox, VMware Workstation and Fusion, older ESXi",
    read: "docs/import-vmware.md",
  },
  {
    ending: "-hyperv.zip",
    kind: "image",
    use: "Hyper-V, with a script that makes the machine",
    read: "docs/import-hyperv.md",
  },
  { ending: ".vhdx", kind: "image", use: "Hyper-V, by hand", read: "docs/import-hyperv.md" },
  { ending: ".vhd", kind: "image", use: "Azure, Generation 2", read: "docs/import-azure.md" },
  { ending: ".qcow2", kind: "image", use: "KVM, Proxmox VE", read: "docs/formats.md" },
  { ending: ".img", kind: "image", use: "The disk as it is, for anything else", read: "docs/formats.md" },
  {
    ending: ".iso",
    kind: "image",
    use: "Physical servers: a virtual CD or a USB stick",
    read: "docs/install-iso.md",
  },
  {
    ending: "-hardening.html",
    kind: "evidence",
    use: "What the machine answered to each hardening check",
    read: "docs/hardening.md",
  },
  {
    ending: "-hardening.json",
    kind: "evidence",
    use: "The hardening report as data",
    read: "docs/hardening.md",
  },
  {
    ending: "-cis-tailoring.xml",
    kind: "evidence",
    use: "The exceptions, for OpenSCAP",
    read: "docs/hardening.md",
  },
  { ending: ".spdx.json", kind: "evidence", use: "Every package, as SPDX" },
  { ending: ".cdx.json", kind: "evidence", use: "Every package, as CycloneDX" },
  {
    ending: ".build.json",
    kind: "evidence",
    use: "The record: what went in and what came out",
    read: "docs/reproduce.md",
  },
  {
    ending: ".provenance.json",
    kind: "evidence",
    use: "in-toto statement with SLSA provenance",
    read: "docs/evidence.md",
  },
];

/** A file as the page lists it. */
export interface ReleaseFile {
  name: string;
  /** Bytes. */
  size: number;
  /** Hex. */
  sha256: string;
}

export interface DescribedFile extends ReleaseFile, FileUse {}

/** The files of a build in two lists, each in its given order. */
export function describedFiles(files: readonly ReleaseFile[]): Record<Ending["kind"], DescribedFile[]> {
  const lists: Record<Ending["kind"], DescribedFile[]> = { image: [], evidence: [] };
  for (const file of files) {
    const found = ENDINGS.find(({ ending }) => file.name.endsWith(ending));
    const {
      ending: _,
      kind = "evidence",
      ...use
    } = found ?? { ending: "", use: "Another file of this build" };
    lists[kind].push({ ...file, ...use });
  }
  return lists;
}

/** The artifacts of a record. */
export function recordedFiles({ artifacts }: Pick<BuildRecord, "artifacts">): ReleaseFile[] {
  return artifacts.map(({ file, size, sha256 }) => ({ name: file, size, sha256 }));
}
