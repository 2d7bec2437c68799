import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BootFacts } from "../../../appliance/install/work/facts.ts";
import type { Stage } from "../../pipeline/stage.ts";
import { bundledModules } from "./modules.ts";

const ENTRY = fileURLToPath(new URL("../../../appliance/cli.ts", import.meta.url));

/** What the appliance knows of its own making; nothing that changes from one day to the next. */
export interface Release {
  version: string;
  base: string;
  /** SOURCE_DATE_EPOCH as an ISO date. */
  built: string;
}

export const BUNDLE_FILE = "posternctl.mjs";
/** The folders of the npm packages whose code is in the bundle. */
export const MODULES_FILE = "modules.json";

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
    outputs: [BUNDLE_FILE, MODULES_FILE, "release.json", "boot.json"],
    run: async (context) => {
      const modules = await bundleConsole(join(context.out, BUNDLE_FILE));
      await writeFile(join(context.out, MODULES_FILE), `${JSON.stringify(modules, null, 1)}\n`);
      await writeFile(join(context.out, "release.json"), `${JSON.stringify(release, null, 1)}\n`);
      await writeFile(join(context.out, "boot.json"), `${JSON.stringify(boot, null, 1)}\n`);
    },
  };
}

/**
 * One ES module for Node 24, minified: it is parsed under a slow processor at every start.
 *
 * @returns the folders of the npm packages whose code is in it, as the lock file names them, sorted.
 */
export async function bundleConsole(outfile: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    metafile: true,
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
  return bundledModules(metafile);
}
