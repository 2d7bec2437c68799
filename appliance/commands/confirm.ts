import { confirm } from "../apply/confirm.ts";
import { PosternError } from "../error.ts";
import type { RunCommand } from "./command.ts";

/** Keeps the change that waits. */
export const run: RunCommand = async ({ system, print }) => {
  if (!(await confirm(system))) {
    throw new PosternError({
      code: "input.confirm",
      message: "No change waits: it was confirmed before, or it has gone back already.",
      hint: "posternctl history shows what is in force.",
    });
  }
  print("Kept.");
  return 0;
};
