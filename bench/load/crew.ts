import { fileURLToPath } from "node:url";
import { type Child, startChild } from "./children.ts";
import type { OriginTask } from "./origin/process.ts";
import { together } from "./outcome.ts";
import type { ChurnTask, HoldTask, Outcome, StreamTask, Task } from "./tasks.ts";

/** Several processes of the generator that share one piece of work. */
export interface Crew {
  churn(task: Omit<ChurnTask, "kind">): Promise<Outcome>;
  stream(task: Omit<StreamTask, "kind">): Promise<Outcome>;
  hold(task: Omit<HoldTask, "kind">): Promise<Outcome>;
  check(timeout: number): Promise<Outcome>;
  release(): Promise<Outcome>;
  stop(): Promise<void>;
}

export interface Origins {
  port: number;
  pids: readonly number[];
  stop(): Promise<void>;
}

export function startCrew(size: number): Crew {
  const members = Array.from({ length: size }, () =>
    startChild<Task, Outcome>(fileURLToPath(new URL("generator/process.ts", import.meta.url))),
  );
  const all = async (taskOf: (share: number) => Task | undefined): Promise<Outcome> => {
    const asked = members.map((member, at) => ({ member, task: taskOf(at) }));
    return together(
      await Promise.all(
        asked.map(({ member, task }) => (task === undefined ? undefined : member.ask(task))),
      ).then((outcomes) => outcomes.filter((outcome) => outcome !== undefined)),
    );
  };
  const concurrencyOf = (total: number, at: number): number => shares(total, size)[at] ?? 0;
  return {
    churn: (task) =>
      all((at) => working({ ...task, kind: "churn", concurrency: concurrencyOf(task.concurrency, at) })),
    stream: (task) =>
      all((at) => working({ ...task, kind: "stream", concurrency: concurrencyOf(task.concurrency, at) })),
    hold: (task) =>
      all((at) =>
        working({
          ...{ ...task, kind: "hold", tunnels: concurrencyOf(task.tunnels, at) },
          concurrency: Math.max(1, concurrencyOf(task.concurrency, at)),
        }),
      ),
    check: (timeout) => all(() => ({ kind: "check", timeout })),
    release: () => all(() => ({ kind: "release" })),
    async stop() {
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}

/** One process for each group of addresses. */
export async function startOrigins(
  groups: readonly (readonly string[])[],
  manner: OriginTask["manner"],
  port: number,
): Promise<Origins> {
  const script = fileURLToPath(new URL("origin/process.ts", import.meta.url));
  const children: Child<OriginTask, { port: number }>[] = [];
  let bound = port;
  for (const addresses of groups) {
    const child = startChild<OriginTask, { port: number }>(script);
    children.push(child);
    ({ port: bound } = await child.ask({ addresses, port, manner }));
  }
  return {
    port: bound,
    pids: children.map(({ pid }) => pid),
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}

/** Splits a number into whole parts that differ by one at most. */
export function shares(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, at) => Math.floor((total + at) / parts));
}

/** A process without a share of the work is not asked. */
function working<T extends HoldTask | ChurnTask | StreamTask>(task: T): T | undefined {
  const amount = task.kind === "hold" ? task.tunnels : task.concurrency;
  return amount > 0 ? task : undefined;
}
