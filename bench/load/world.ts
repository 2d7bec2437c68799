import { run } from "../../builder/host/run.ts";
import { PROXY } from "../../tests/kit/lab/addresses.ts";
import { labFolder } from "../../tests/kit/lab/enclose.ts";
import { type Lab, startLab } from "../../tests/kit/lab/lab.ts";
import { labTree } from "../../tests/kit/lab/tree.ts";
import { type Crew, type Origins, startCrew, startOrigins } from "./crew.ts";
import type { Route } from "./tasks.ts";

/** A lab with origins that answer, and clients to come from. */
export interface World {
  lab: Lab;
  crew: Crew;
  /** To origins that give back what they get. */
  route(port: number, timeout?: number): Route;
  /** To origins that send without end. */
  streamRoute(port: number): Route;
  /** To a name that nothing allows. */
  deniedRoute(port: number): Route;
  close(): Promise<void>;
}

/** Both configurations allow every name below it. */
const DOMAIN = "endpoint.security.microsoft.com";
const ECHOES = ["203.0.113.51", "203.0.113.52", "203.0.113.53", "203.0.113.54"];
const SOURCES = ["203.0.113.61", "203.0.113.62"];
const CLIENT_ADDRESSES = Array.from({ length: 8 }, (_, at) => `10.20.1.${at + 1}`);
const TIMEOUT = 15_000;

/** What overlays/tuning sets and a namespace has; both configurations get the same kernel. */
const KERNEL = [
  "net.ipv4.ip_local_port_range=1024 65535",
  "net.ipv4.ip_local_reserved_ports=3128",
  "net.ipv4.tcp_tw_reuse=1",
  "net.ipv4.tcp_fin_timeout=20",
  "net.core.somaxconn=16384",
];

/** @param processes of the generator; each holds as many tunnels as it may open files, less some. */
export async function makeWorld(processes: number): Promise<World> {
  const root = await labTree(labFolder() ?? "");
  const lab = await startLab({ root });
  for (const address of [...ECHOES, ...SOURCES, ...CLIENT_ADDRESSES]) await lab.address(`${address}/32`);
  for (const setting of KERNEL) await run("sysctl", ["-q", "-w", setting]);
  const crew = startCrew(processes);
  const origins: Origins[] = [
    await startOrigins(
      ECHOES.map((address) => [address]),
      "echo",
      443,
    ),
    await startOrigins([SOURCES], "source", 443),
  ];
  const targetsOf = (kind: string, addresses: readonly string[]): string[] =>
    addresses.map((address, at) => {
      const name = `${kind}-${at + 1}.${DOMAIN}`;
      lab.dns.set(name, [address]);
      return `${name}:443`;
    });
  const [echoes, sources] = [targetsOf("echo", ECHOES), targetsOf("source", SOURCES)];
  const routeTo = (port: number, targets: readonly string[], timeout = TIMEOUT): Route => ({
    ...{ host: PROXY, port, from: CLIENT_ADDRESSES, targets, timeout },
  });
  return {
    lab,
    crew,
    route: (port, timeout) => routeTo(port, echoes, timeout),
    streamRoute: (port) => routeTo(port, sources),
    deniedRoute: (port) => routeTo(port, ["denied.example.com:443"]),
    async close() {
      await crew.stop();
      for (const one of origins) await one.stop();
      await lab.close();
    },
  };
}
