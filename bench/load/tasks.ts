import type { Histogram } from "./histogram.ts";

/** Where the proxy is, as whom to come, and what to ask for; used in turn. */
export interface Route {
  host: string;
  port: number;
  /** Own addresses of the clients; none: whatever the kernel takes. */
  from: readonly string[];
  /** `name:port`, as CONNECT has it. */
  targets: readonly string[];
  /** Milliseconds that a client waits. */
  timeout: number;
}

/** Tunnels set up, used for one echo and closed, over and over. */
export interface ChurnTask {
  kind: "churn";
  route: Route;
  concurrency: number;
  seconds: number;
  /** What is to be expected: a tunnel, or the refusal with this status. */
  expect: "tunnel" | number;
  /** Milliseconds that each waits before the next one; 0 for none. */
  pause: number;
}

/** Tunnels that stay open until the process is told to let go. */
export interface HoldTask {
  kind: "hold";
  route: Route;
  tunnels: number;
  concurrency: number;
}

/** Asks every held tunnel for one echo. */
export interface CheckTask {
  kind: "check";
  timeout: number;
}

export interface ReleaseTask {
  kind: "release";
}

/** Tunnels to a source that sends as fast as it can. */
export interface StreamTask {
  kind: "stream";
  route: Route;
  concurrency: number;
  seconds: number;
}

export type Task = ChurnTask | HoldTask | CheckTask | ReleaseTask | StreamTask;

/** What one process did, or several together. */
export interface Outcome {
  /** What was to happen and did: tunnels used, refusals as expected, tunnels open, tunnels alive. */
  good: number;
  /** What did not, by reason. */
  failed: Record<string, number>;
  /** Milliseconds to the proxy's answer; for `check`, of the echo. */
  answered: Histogram;
  /** Milliseconds until a tunnel was open and its first bytes had come back. */
  used: Histogram;
  /** Milliseconds to the failure, of those that failed. */
  gaveUp: Histogram;
  /** Bytes that came through tunnels. */
  bytes: number;
  seconds: number;
  /** CPU seconds of the generator itself. */
  cpuSeconds: number;
}
