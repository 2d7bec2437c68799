import type { Route } from "../tasks.ts";
import { clientHello } from "./hello.ts";
import type { Door } from "./tunnel.ts";

/** One way through the proxy, and what a client says first at the other end. */
export interface Way extends Door {
  hello: Buffer;
}

/** The ways of a route, in turn. */
export function ways({ host, port, from, targets, timeout }: Route): () => Way {
  const hellos = targets.map((target) => clientHello(target.slice(0, target.lastIndexOf(":"))));
  let turn = 0;
  return () => {
    const at = turn % targets.length;
    const way = { host, port, timeout, target: targets[at] ?? "", hello: hellos[at] ?? Buffer.alloc(0) };
    turn += 1;
    return { ...way, from: from[turn % Math.max(1, from.length)] };
  };
}
