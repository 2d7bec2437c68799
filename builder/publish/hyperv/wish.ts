/** The machine that is to come about on a Hyper-V host. */
export interface HypervWish {
  /** Name or address of the host, for PowerShell remoting. */
  host: string;
  /** An account there; its password is asked when the script runs. */
  user?: string;
  /** Name without folder, and SHA-256 in hex. */
  zip: { name: string; sha256: string };
  switchName: string;
  name: string;
  /** Folder on the host; its own where there is none. */
  path?: string;
  cpus: number;
  memoryGb: number;
  generation: 1 | 2;
  start: boolean;
  whatIf: boolean;
}
