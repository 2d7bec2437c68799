import type { RunCommand } from "./command.ts";

export const run: RunCommand = async ({ system, release, print }, { flags }) => {
  if (!flags.has("json")) {
    print(release.version);
    return 0;
  }
  const { catalogueInUse } = await import("../endpoints/installed.ts");
  const { version: catalogue } = (await catalogueInUse(system.paths)).catalogue;
  print(JSON.stringify({ ...release, node: process.version.slice(1), catalogue }, undefined, 2));
  return 0;
};
