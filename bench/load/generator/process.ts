import { messageOf } from "../../../builder/error.ts";
import { assertBounded, assertOwn } from "../guard.ts";
import type { Outcome, Task } from "../tasks.ts";
import { churn } from "./churn.ts";
import { holder } from "./hold.ts";
import { stream } from "./stream.ts";

/** One process of the generator: takes a task at a time from its parent and answers with what came of it. */

const mine = holder();

async function perform(task: Task): Promise<Outcome> {
  if (task.kind === "check") return mine.check(task);
  if (task.kind === "release") return mine.release();
  assertOwn(task.route.host);
  assertBounded("concurrency", task.concurrency);
  if (task.kind === "hold") {
    assertBounded("tunnels", task.tunnels);
    return mine.hold(task);
  }
  assertBounded("seconds", Math.ceil(task.seconds));
  return task.kind === "churn" ? churn(task) : stream(task);
}

process.on("message", async (task: Task) => {
  const before = process.cpuUsage();
  try {
    const outcome = await perform(task);
    const { user, system } = process.cpuUsage(before);
    process.send?.({ ...outcome, cpuSeconds: (user + system) / 1e6 });
  } catch (error) {
    process.send?.({ error: messageOf(error) });
  }
});
// The terminal's Ctrl-C reaches every process of the group; the parent decides what it means.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
