import { setTimeout as pause } from "node:timers/promises";
import { note } from "../histogram.ts";
import { emptyOutcome } from "../outcome.ts";
import type { ChurnTask, Outcome } from "../tasks.ts";
import { openTunnel } from "./tunnel.ts";
import { type Way, ways } from "./ways.ts";

/** Each of so many clients asks, uses what it got once, closes, and asks again, until the time is over. */
export async function churn(task: ChurnTask): Promise<Outcome> {
  const outcome = emptyOutcome();
  const next = ways(task.route);
  const begun = performance.now();
  const end = begun + task.seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await once(next(), task, outcome);
      if (task.pause > 0) await pause(task.pause);
    }
  };
  await Promise.all(Array.from({ length: task.concurrency }, client));
  outcome.seconds = (performance.now() - begun) / 1000;
  return outcome;
}

async function once(way: Way, { expect }: ChurnTask, outcome: Outcome): Promise<void> {
  const begun = performance.now();
  const answer = await openTunnel(way);
  const fault = await (async () => {
    if (answer.kind === "failed") return answer.reason;
    if (answer.kind === "refused") return answer.status === expect ? undefined : `status ${answer.status}`;
    if (expect !== "tunnel") return "tunnel";
    return (await answer.tunnel.echo(way.hello, way.timeout)) === undefined ? "no echo" : undefined;
  })();
  if (answer.kind === "tunnel") answer.tunnel.close();
  if (fault === undefined) {
    outcome.good += 1;
    note(outcome.answered, answer.ms);
    note(outcome.used, performance.now() - begun);
    return;
  }
  outcome.failed[fault] = (outcome.failed[fault] ?? 0) + 1;
  note(outcome.gaveUp, answer.ms);
}
