import { PosternError } from "../error.ts";
import type { Progress } from "../pipeline/progress.ts";
import type { Aim, Need, Row } from "./probe.ts";
import { type AttackReport, countsOf } from "./report.ts";
import { runProbes, type Target } from "./run.ts";
import { isControl, SUITE } from "./suite.ts";

/** An appliance that runs somewhere, as it is named on the command line. */
export interface Appliance {
  host: string;
  port: number;
  /** A name that it lets through on port 443. */
  allowed: string;
  /** One that it lets through on port 80, where it is known. */
  web?: string | undefined;
  /** Whether it checks the name inside TLS (`proxy.sniCheck`). */
  helloCheck: boolean;
  /** The address to come from; the host's own choice where it is not said. */
  localAddress?: string;
  /** Milliseconds between two requests; the usual is kind to somebody's running proxy. */
  pause?: number;
  /** Milliseconds without a byte after an answer that count as its end; the usual is for a network. */
  quiet?: number;
}

/** Few on purpose. */
const HALF_OPEN = 100;
const PATIENCE = 15_000;
const PAUSE = 50;
const QUIET = 500;

/**
 * Runs every probe that can be run from another host against a running appliance: one connection at a time but for
 * one probe, and nothing but this host and port.
 *
 * @throws PosternError `network.attack` when what is allowed does not get through: then no refusal means anything.
 */
export async function attackAppliance(
  appliance: Appliance,
  signal: AbortSignal,
  progress?: Pick<Progress, "bar">,
): Promise<AttackReport> {
  const target = targetOf(appliance, signal);
  const controls = await runProbes(target, SUITE.filter(isControl));
  const failed = controls.filter(({ verdict }) => verdict !== "held" && verdict !== "not run");
  const [first] = failed;
  if (first !== undefined) throw notServed(appliance, first);
  const probes = SUITE.filter((probe) => !isControl(probe));
  let done = 0;
  const others = await runProbes(target, probes, () => {
    done += 1;
    progress?.bar(done, probes.length, "items");
  });
  const rows = [...controls, ...others];
  const { host, port, allowed } = appliance;
  return { host, port, allowed, counts: countsOf(rows), rows };
}

function targetOf(appliance: Appliance, signal: AbortSignal): Target {
  const { host, port, allowed, web = allowed, helloCheck, localAddress } = appliance;
  const { pause = PAUSE, quiet = QUIET } = appliance;
  const aim: Aim = { allowed, web, spareWebs: [], proxy: host, port, under: allowed, flood: HALF_OPEN };
  const has: readonly Need[] = appliance.web === undefined ? [] : ["web"];
  return {
    ...{ aim, host, port, helloCheck, signal, pause, quiet },
    ...(localAddress === undefined ? {} : { from: { client: localAddress } }),
    has: new Set(has),
    excused: new Set(helloCheck ? ["settings"] : ["settings", "sni"]),
    patience: PATIENCE,
  };
}

function notServed({ host, port, allowed }: Appliance, { came, title }: Row): PosternError {
  return new PosternError({
    code: "network.attack",
    message: `${host} port ${port} does not let through what it should (${title}): ${came}`,
    hint:
      `Is ${allowed} on its list (posternctl endpoints explain ${allowed}), and is this host in its clients' networks? ` +
      "Without that every refusal would mean nothing.",
  });
}
