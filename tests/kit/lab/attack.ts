import type { Aim, Limit, Probe, Row } from "../../../builder/attack/probe.ts";
import { runProbes } from "../../../builder/attack/run.ts";
import { CLIENT, CLOUD, FOREIGN, PROXY, STRANGER } from "./addresses.ts";
import type { Lab } from "./lab.ts";
import type { LabSquid } from "./squid.ts";
import type { World } from "./world.ts";

/** What the lab's proxies let through by the settings of `postern.ts`. */
export const LAB_AIM: Omit<Aim, "port"> = {
  allowed: "edr.eu.endpoint.security.microsoft.com",
  web: "crl.microsoft.com",
  spareWebs: ["www.microsoft.com", "ctldl.windowsupdate.com", "go.microsoft.com"],
  proxy: PROXY,
  under: "endpoint.security.microsoft.com",
  flood: 200,
};

/** What a reverse record says that an attacker made. */
const FORGED = "forged.endpoint.security.microsoft.com";

/** What leads to the cloud; every other name leads to somebody else. */
const CLOUD_NAMES = ["*.endpoint.security.microsoft.com", "crl.microsoft.com", "*.crl.microsoft.com"];

export interface AttackWish {
  /** Limits that are known of this proxy. */
  excused?: readonly Limit[];
  /** Whether it checks the name inside TLS. */
  helloCheck?: boolean;
}

/** Runs the probes against a Squid of the lab, where all that they need is there. */
export async function attackInLab(
  lab: Lab,
  world: World,
  squid: LabSquid,
  probes: readonly Probe[],
  { excused = [], helloCheck = false }: AttackWish = {},
): Promise<Row[]> {
  const aim: Aim = { ...LAB_AIM, port: squid.port };
  lab.dns.set("*", [FOREIGN]);
  for (const name of CLOUD_NAMES) lab.dns.set(name, [CLOUD]);
  lab.dns.ptr(FOREIGN, FORGED);
  return runProbes(
    {
      aim,
      host: PROXY,
      port: squid.port,
      from: { client: CLIENT, stranger: STRANGER, itself: "127.0.0.1" },
      has: new Set(["dns", "origin", "stranger", "itself", "web"]),
      patience: 10_000,
      quiet: 120,
      pause: 0,
      excused: new Set(excused),
      helloCheck,
      signal: new AbortController().signal,
      lab: {
        prepare(probe) {
          for (const [name, addresses] of Object.entries(probe.names?.(aim) ?? {}))
            lab.dns.set(name, addresses);
          for (const [name, turns] of Object.entries(probe.turns?.(aim) ?? {})) lab.dns.turns(name, turns);
          world.taken();
        },
        reached: () => world.taken(),
      },
    },
    probes,
  );
}
