import type { Release } from "../release.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import { BUDGET_SCREEN, type TrafficNow, TrafficWatch } from "../traffic/watch.ts";
import { type Clock, readClock } from "./clock.ts";
import type { Denial } from "./denials.ts";
import { settingsInForce } from "./inforce.ts";
import { PARTS, type Parts } from "./parts.ts";
import { refreshReach } from "./reach.ts";
import { readStatus, type Status } from "./status.ts";
import { refreshUpdates } from "./updates.ts";

/** Milliseconds that the first reading of a long log may hold up the first picture. */
const FIRST_LOOK = 300;
/** Milliseconds for which the clock's state is not asked for again: sooner while it is not right. */
const CLOCK_KEPT = { ok: 20_000, other: 4000 };

/** Looks at the machine again and again. What takes long runs beside it and never holds a look up. */
export class LiveStatus {
  readonly #system: System;
  readonly #release: Release;
  readonly #parts: Parts;
  readonly #watch: TrafficWatch;
  #traffic: TrafficNow | undefined;
  #isReading = false;
  #clock: { clock: Clock; until: number } | undefined;
  #isBusy = false;

  constructor(system: System, release: Release, parts: Parts = PARTS) {
    this.#system = system;
    this.#release = release;
    this.#parts = parts;
    this.#watch = new TrafficWatch(system.paths.accessLog, BUDGET_SCREEN);
  }

  /** Every refused request that is kept, newest first. */
  get denials(): readonly Denial[] {
    return this.#traffic?.denials ?? [];
  }

  async look(): Promise<Status> {
    const system = this.#system;
    const [settings, clock] = await Promise.all([
      settingsInForce(system),
      this.#readClock(),
      this.readTraffic(),
    ]);
    void this.#refresh(settings);
    return readStatus(system, settings, this.#release, { clock, traffic: this.#traffic });
  }

  /** Counts what was added to the log; a reading that takes long goes on beside. */
  async readTraffic(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const reading = this.#watch
      .look()
      .then((now) => {
        this.#traffic = now;
      })
      .catch(() => {})
      .finally(() => {
        this.#isReading = false;
      });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FIRST_LOOK);
    });
    await Promise.race([reading, patience]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    await this.#watch.close();
  }

  async #readClock(): Promise<Clock> {
    const now = performance.now();
    if (this.#clock !== undefined && now < this.#clock.until) return this.#clock.clock;
    const clock = await readClock(this.#system);
    this.#clock = { clock, until: now + (clock.state === "ok" ? CLOCK_KEPT.ok : CLOCK_KEPT.other) };
    return clock;
  }

  /** Asks the services and counts the updates, when the last answer is old: one after the other, and never twice at once. */
  async #refresh(settings: Settings | undefined): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    // What fails is tried again; the screen says how old the last answer is.
    if (settings !== undefined) await this.#askServices(settings).catch(() => {});
    await refreshUpdates(this.#system).catch(() => {});
    this.#isBusy = false;
  }

  async #askServices(settings: Settings): Promise<void> {
    await refreshReach(this.#system, settings, await this.#parts.testServices());
  }
}
