import { setTimeout as pause } from "node:timers/promises";
import { note } from "../histogram.ts";
import { emptyOutcome } from "../outcome.ts";
import type { ChurnTask, Outcome } from "../tasks.ts";
import { doors } from "./doors.ts";
import { type Answer, type Door, openTunnel } from "./tunnel.ts";

const ECHO_BYTES = 64;

/** Each of so many clients asks, uses what it got once, closes, and asks again, until the time is over. */
export async function churn(task: ChurnTask): Promise<Outcome> {
  const outcome = emptyOutcome();
  const next = doors(task.route);
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

async function once(door: Door, { expect }: ChurnTask, outcome: Outcome): Promise<void> {
  const answer = await openTunnel(door);
  const fault = await faultOf(answer, expect, door.timeout);
  if (answer.kind === "tunnel") answer.tunnel.close();
  if (fault === undefined) {
    outcome.good += 1;
    note(outcome.answered, answer.ms);
    return;
  }
  outcome.failed[fault] = (outcome.failed[fault] ?? 0) + 1;
  note(outcome.gaveUp, answer.ms);
}

/** Why an answer is not the expected one. */
async function faultOf(
  answer: Answer,
  expect: ChurnTask["expect"],
  timeout: number,
): Promise<string | undefined> {
  if (answer.kind === "failed") return answer.reason;
  if (answer.kind === "refused") return answer.status === expect ? undefined : `status ${answer.status}`;
  if (expect !== "tunnel") return "tunnel";
  const ms = await answer.tunnel.echo(ECHO_BYTES, timeout);
  return ms === undefined ? "no echo" : undefined;
}
