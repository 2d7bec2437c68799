import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BootFacts } from "../../../appliance/install/work/facts.ts";
import type { Stage } from "../../pipeline/stage.ts";

const ENTRY = fileURLToPath(new URL("../../../appliance/cli.ts", import.meta.url));

/** What the appliance knows of its own making; nothing that changes from one day to the next. */
export interface Release {
  version: string;
  base: string;
  /** SOURCE_DATE_EPOCH as an ISO date. */
  built: string;
}

/** Bundles posternctl and the console into one file; no npm tree goes onto the appliance. */
export function consoleStage(
  release: Release,
  boot: BootFacts,
  inputs: Readonly<Record<string, string>>,
): Stage {
  return {
    id: "console",
    title: "posternctl and the console, bundled",
    needs: [],
    inputs: { ...inputs, release: JSON.stringify(release), boot: JSON.stringify(boot) },
    outputs: ["posternctl.mjs", "release.json", "boot.json"],
    run: async (context) => {
      await bundleConsole(join(context.out, "posternctl.mjs"));
      await writeFile(join(context.out, "release.json"), `${JSON.stringify(release, null, 1)}\n`);
      await writeFile(join(context.out, "boot.json"), `${JSON.stringify(boot, null, 1)}\n`);
    },
  };
}

/** One ES module for Node 24, minified: it is parsed under a slow processor at every start. */
export async function bundleConsole(outfile: string): Promise<void> {
  await build({
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    platform: "node",
    format: "esm",
    target: "node24",
    legalComments: "none",
    logLevel: "silent",
    // joi and its kin are CommonJS and ask for node:util by require().
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
}
