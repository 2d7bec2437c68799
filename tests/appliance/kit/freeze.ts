import { AsyncLocalStorage } from "node:async_hooks";
import { readdirSync } from "node:fs";
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

/*
 * A kill is played by freezing a run before its n-th write: that call and every later one of the run never
 * come back. Then the machine "boots": /run is empty, and recover runs. Every n is tried until a run ends by
 * itself.
 */
interface Run {
  writesLeft: number;
  freeze(): void;
}
const runs = new AsyncLocalStorage<Run>();
for (const name of ["rename", "rm", "open", "mkdir"] as const) {
  const original: (...args: never[]) => Promise<unknown> = fs[name];
  Object.assign(fs, {
    [name]: (...args: never[]) => {
      const run = runs.getStore();
      if (run === undefined || run.writesLeft-- > 0) return original(...args);
      run.freeze();
      return new Promise(() => {});
    },
  });
}
syncBuiltinESMExports();

/** Lets something write so many times. */
export function withWrites(writesLeft: number, work: () => Promise<unknown>): Promise<"ended" | "frozen"> {
  return new Promise((resolve, reject) => {
    const run = { writesLeft, freeze: () => resolve("frozen") };
    runs.run(run, () => work().then(() => resolve("ended"), reject));
  });
}

/** Half-written files in the places of the machine; our own scratch folders are made anew each time. */
export function leftovers(root: string): string[] {
  const all = readdirSync(root, { recursive: true, encoding: "utf8" });
  return all.filter((name) => name.endsWith(".postern-new") && !/\/(staging|previous)\//.test(name));
}
