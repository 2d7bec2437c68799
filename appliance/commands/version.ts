import type { RunCommand } from "./command.ts";

export const run: RunCommand = async ({ release, print }, { flags }) => {
  if (!flags.has("json")) {
    print(release.version);
    return 0;
  }
  const { builtInCatalogue } = await import("../endpoints/catalogue.ts");
  const catalogue = builtInCatalogue().version;
  print(JSON.stringify({ ...release, node: process.version.slice(1), catalogue }, undefined, 2));
  return 0;
};
