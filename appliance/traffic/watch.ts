import { type Denial, denialFrom } from "../check/denials.ts";
import { accessOf, isOwn } from "./access.ts";
import { readBack } from "./backwards.ts";
import { Follower } from "./follow.ts";
import { HOUR, Tally, type Traffic } from "./tally.ts";

/** Refused requests that are kept for the list of them. */
export const MOST_DENIALS = 200;

/** Bytes to read back for one look: a third of an hour of a very busy machine, all of it elsewhere. */
export const BUDGET_ONCE = 8 * 1024 * 1024;
/** The same where the screen stays: an hour of 84,000 requests and more. */
export const BUDGET_SCREEN = 48 * 1024 * 1024;

export interface TrafficNow {
  traffic: Traffic;
  /** The last refused requests, newest first. */
  denials: readonly Denial[];
}

/** Keeps count of the access log: reads back once, then only what was added. */
export class TrafficWatch {
  readonly #path: string;
  readonly #budget: number;
  readonly #tally = new Tally();
  #denials: Denial[] = [];
  #follower: Follower | undefined;
  /** Up to this moment some of the last hour may be missing. */
  #unknownUntil = 0;

  constructor(path: string, budget: number) {
    this.#path = path;
    this.#budget = budget;
  }

  async look(now = Date.now()): Promise<TrafficNow> {
    if (this.#follower === undefined) this.#follower = await this.#readBack(now);
    else this.#addNew(await this.#follower.read());
    const isWhole = now - HOUR >= this.#unknownUntil;
    return { traffic: { ...this.#tally.lastHour(now), isWhole }, denials: this.#denials };
  }

  async close(): Promise<void> {
    await this.#follower?.close();
  }

  async #readBack(now: number): Promise<Follower> {
    let oldest = now;
    const { place, isWhole } = await readBack(this.#path, this.#budget, (line) => {
      const access = accessOf(line);
      if (access === undefined || isOwn(access)) return true;
      oldest = access.time;
      if (access.time > now - HOUR) this.#tally.add(access);
      else if (this.#denials.length >= MOST_DENIALS) return false;
      const denial = denialFrom(access);
      if (denial !== undefined && this.#denials.length < MOST_DENIALS) this.#denials.push(denial);
      return true;
    });
    if (!isWhole && oldest > now - HOUR) this.#unknownUntil = oldest;
    return new Follower(this.#path, place);
  }

  #addNew(lines: readonly string[]): void {
    const fresh: Denial[] = [];
    for (const line of lines) {
      const access = accessOf(line);
      if (access === undefined || isOwn(access)) continue;
      this.#tally.add(access);
      const denial = denialFrom(access);
      if (denial !== undefined) fresh.push(denial);
    }
    if (fresh.length === 0) return;
    this.#denials = [...fresh.toReversed(), ...this.#denials].slice(0, MOST_DENIALS);
  }
}

/** One look, for a command that ends: reads at most some MiB of the log. */
export async function recentTraffic(path: string, now = Date.now()): Promise<TrafficNow> {
  const watch = new TrafficWatch(path, BUDGET_ONCE);
  try {
    return await watch.look(now);
  } finally {
    await watch.close();
  }
}
