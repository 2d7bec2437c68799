import { setTimeout as pause } from "node:timers/promises";
import { note } from "../histogram.ts";
import { emptyOutcome } from "../outcome.ts";
import type { Outcome, StreamTask } from "../tasks.ts";
import { openTunnel, reasonOf, type Tunnel } from "./tunnel.ts";
import { ways } from "./ways.ts";

/** Milliseconds that the streams run before they are counted. */
const WARM_UP = 500;

/** Reads from so many tunnels at once, and counts what comes in the time. */
export async function stream({ route, concurrency, seconds }: StreamTask): Promise<Outcome> {
  const outcome = emptyOutcome();
  const next = ways(route);
  const tunnels: Tunnel[] = [];
  const open = async (): Promise<void> => {
    const way = next();
    const answer = await openTunnel(way);
    if (answer.kind === "tunnel") {
      answer.tunnel.send(way.hello);
      tunnels.push(answer.tunnel);
      note(outcome.answered, answer.ms);
      return;
    }
    const reason = reasonOf(answer);
    outcome.failed[reason] = (outcome.failed[reason] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: concurrency }, open));
  await pause(WARM_UP);
  const total = (): number => tunnels.reduce((sum, tunnel) => sum + tunnel.bytes(), 0);
  const [before, begun] = [total(), performance.now()];
  await pause(seconds * 1000);
  outcome.bytes = total() - before;
  outcome.seconds = (performance.now() - begun) / 1000;
  const lost = tunnels.filter((tunnel) => !tunnel.isOpen()).length;
  if (lost > 0) outcome.failed.lost = lost;
  outcome.good = tunnels.length - lost;
  for (const tunnel of tunnels) tunnel.close();
  return outcome;
}
