import type { Cloud } from "../settings/settings.ts";

/** One request that a client sends through the proxy to see whether the service is reached. */
export interface ClientTest {
  host: string;
  path: string;
  /** The status that Microsoft's own tools take as good; without it any answer of the service is. */
  expected?: number;
}

/** What the guide is made for. */
export interface GuideFacts {
  /** IPv4 address or name of this proxy, as the clients reach it. */
  address: string;
  port: number;
  cloud: Cloud;
  /** Defender for Identity workspaces. */
  workspaces: readonly string[];
  /** Without them those of every region with the services of a new machine. */
  tests?: readonly ClientTest[];
}

/** One topic of the guide. */
export interface GuidePage {
  /** What `posternctl clients TOPIC` calls it. */
  id: string;
  title: string;
  /** Plain ASCII. What is to be pasted stands four columns in. */
  lines: string[];
}

/** `10.20.0.5:3128`, as WinHTTP and the sensor want it. */
export function hostPort({ address, port }: GuideFacts): string {
  return `${address}:${port}`;
}

/** `http://10.20.0.5:3128`, as everything else wants it. The proxy is spoken to in plain HTTP also for TLS. */
export function proxyUrl(facts: GuideFacts): string {
  return `http://${hostPort(facts)}`;
}
