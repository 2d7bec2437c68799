import type { ExecutionContext, TestFn } from "ava";
import { choiceOf, chosen, type Row } from "./kit/matrix.ts";

/** A machine of the matrix, and what is seen on it. */
export interface Machine extends Row {
  shows(t: ExecutionContext): Promise<void>;
}

/** Makes a test of each row that this run boots, one after the other. @param timeout milliseconds of one row */
export function testRows(test: TestFn, rows: readonly Machine[], timeout: number): void {
  const choice = choiceOf(process.env);
  const { all } = choice;
  const picked = chosen(rows, choice);
  for (const { title, shows } of picked) {
    test.serial(title, async (t) => {
      t.timeout(timeout);
      await shows(t);
    });
  }
  // ava takes a file without a test for a mistake.
  if (picked.length === 0)
    test.skip(`${all ? "this shard" : "a usual run"} boots no machine of this file`, () => {});
}
