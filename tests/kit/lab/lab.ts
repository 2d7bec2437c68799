import { networkInterfaces } from "node:os";
import { run } from "../../../builder/host/run.ts";
import { LAB_ADDRESSES } from "./addresses.ts";
import { type LabDns, startLabDns } from "./dns.ts";
import { labFolder } from "./enclose.ts";
import { type LabConfig, type LabSquid, startSquid } from "./squid.ts";

export interface LabOptions {
  /** Folder with the root file system whose Squid runs; undefined: the host's own Squid. */
  root?: string | undefined;
}

export interface Lab {
  /** Scratch folder, goes with the lab. */
  readonly dir: string;
  /** What Squid that runs here says of itself. */
  readonly version: string;
  /** Whether that Squid can look at a TLS hello. */
  readonly seesTls: boolean;
  readonly dns: LabDns;
  /** Gives `lo` one more address: `203.0.113.70/32`. */
  address(cidr: string): Promise<void>;
  /** Starts the real Squid, as user proxy in a chroot, and waits until it listens. */
  squid(config: LabConfig): Promise<LabSquid>;
  /** Ends every Squid and the DNS server. */
  close(): Promise<void>;
}

/** Furnishes the namespaces that `withLab` made. @throws Error outside of them. */
export async function startLab({ root = "/" }: LabOptions = {}): Promise<Lab> {
  const dir = labFolder();
  const cards = Object.keys(networkInterfaces()).filter((name) => name !== "lo");
  if (dir === undefined || cards.length > 0)
    throw new Error("a lab is started by withLab(), in namespaces of its own");
  await run("ip", ["link", "set", "lo", "up"]);
  const address = async (cidr: string): Promise<void> => {
    // nodad: an IPv6 address is usable at once, there being nobody to ask for it.
    const nodad = cidr.includes(":") ? ["nodad"] : [];
    await run("ip", ["address", "add", cidr, "dev", "lo", ...nodad]);
  };
  for (const cidr of LAB_ADDRESSES) await address(cidr);
  const dns = await startLabDns();
  const running = new Set<LabSquid>();
  return {
    dir,
    ...(await builtAs(root)),
    dns,
    address,
    async squid(config) {
      const squid = await startSquid(root, dir, config);
      running.add(squid);
      const stop = async (): Promise<void> => {
        if (running.delete(squid)) await squid.stop();
      };
      return { ...squid, stop };
    },
    async close() {
      for (const squid of running) await squid.stop();
      running.clear();
      await dns.close();
    },
  };
}

async function builtAs(root: string): Promise<Pick<Lab, "version" | "seesTls">> {
  const { stdout } = await run("chroot", [root, "squid", "-v"]);
  const version = /^Squid Cache: Version (\S+)/m.exec(stdout)?.[1] ?? "unknown";
  return { version, seesTls: stdout.includes("--with-openssl") };
}
