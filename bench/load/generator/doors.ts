import type { Route } from "../tasks.ts";
import type { Door } from "./tunnel.ts";

/** The ways of a route, in turn. */
export function doors({ host, port, from, targets, timeout }: Route): () => Door {
  let turn = 0;
  return () => {
    const target = targets[turn % targets.length] ?? "";
    const door = { host, port, target, timeout, from: from[turn % Math.max(1, from.length)] };
    turn += 1;
    return door;
  };
}
