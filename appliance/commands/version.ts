import type { RunCommand } from "./command.ts";

export const run: RunCommand = async ({ release, print }) => {
  print(release.version);
  return 0;
};
