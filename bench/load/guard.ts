import { networkInterfaces } from "node:os";
import { PosternError } from "../../builder/error.ts";

/**
 * The generator is no weapon: it loads what is on this machine and nothing else, and not without bounds.
 */

export const MOST = { tunnels: 200_000, concurrency: 8192, seconds: 3600 } as const;

/** @throws PosternError when the target can be anything but this machine. */
export function assertOwn(host: string, cards = Object.keys(networkInterfaces())): void {
  if (isLoopback(host) || cards.every((name) => name === "lo")) return;
  throw refusal(`${host} is neither loopback nor in a network namespace of our own`);
}

/** @throws PosternError when a number is no whole number from 1 to its bound. */
export function assertBounded(what: keyof typeof MOST, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= MOST[what]) return;
  throw refusal(`${what}: ${value} is not a whole number from 1 to ${MOST[what]}`);
}

/** An address of 127.0.0.0/8 or ::1, written out; a name may lead anywhere. */
export function isLoopback(host: string): boolean {
  return host === "::1" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

function refusal(message: string): PosternError {
  return new PosternError({ code: "input.load", message, hint: "npm run bench" });
}
