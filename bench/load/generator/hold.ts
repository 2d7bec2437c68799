import { note } from "../histogram.ts";
import { emptyOutcome } from "../outcome.ts";
import type { CheckTask, HoldTask, Outcome } from "../tasks.ts";
import { openTunnel, reasonOf, type Tunnel } from "./tunnel.ts";
import { ways } from "./ways.ts";

const ECHO = Buffer.from("postern ");
/** Held tunnels that are asked at the same time. */
const CHECKS = 64;

/** The tunnels of this process. */
export interface Holder {
  /** Opens more of them; each that fails is asked for once only. */
  hold(task: HoldTask): Promise<Outcome>;
  /** One echo on each. A tunnel that gives none is lost, and let go. */
  check(task: CheckTask): Promise<Outcome>;
  release(): Outcome;
}

export function holder(): Holder {
  let held: Tunnel[] = [];
  return {
    async hold({ route, tunnels, concurrency }) {
      const outcome = emptyOutcome();
      const next = ways(route);
      const begun = performance.now();
      let left = tunnels;
      const client = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          const way = next();
          const answer = await openTunnel(way);
          // A tunnel counts once it has been used.
          if (answer.kind === "tunnel" && (await answer.tunnel.echo(way.hello, way.timeout)) !== undefined) {
            held.push(answer.tunnel);
            outcome.good += 1;
            note(outcome.answered, answer.ms);
            continue;
          }
          const reason = reasonOf(answer);
          if (answer.kind === "tunnel") answer.tunnel.close();
          outcome.failed[reason] = (outcome.failed[reason] ?? 0) + 1;
          note(outcome.gaveUp, answer.ms);
        }
      };
      await Promise.all(Array.from({ length: concurrency }, client));
      outcome.seconds = (performance.now() - begun) / 1000;
      return outcome;
    },
    async check({ timeout }) {
      const outcome = emptyOutcome();
      const begun = performance.now();
      const waiting = [...held];
      const alive: Tunnel[] = [];
      const client = async (): Promise<void> => {
        for (let tunnel = waiting.pop(); tunnel !== undefined; tunnel = waiting.pop()) {
          const ms = await tunnel.echo(ECHO, timeout);
          if (ms === undefined) {
            outcome.failed.lost = (outcome.failed.lost ?? 0) + 1;
            tunnel.close();
            continue;
          }
          alive.push(tunnel);
          note(outcome.answered, ms);
        }
      };
      await Promise.all(Array.from({ length: CHECKS }, client));
      held = alive;
      outcome.good = alive.length;
      outcome.seconds = (performance.now() - begun) / 1000;
      return outcome;
    },
    release() {
      const outcome = { ...emptyOutcome(), good: held.length };
      for (const tunnel of held) tunnel.close();
      held = [];
      return outcome;
    },
  };
}
