import { history } from "../apply/history.ts";
import { originText } from "../apply/origin.ts";
import { render } from "../apply/render.ts";
import { checkAll } from "../check/all.ts";
import { readStatus } from "../check/status.ts";
import { catalogueInUse } from "../endpoints/installed.ts";
import { ownNetworks } from "../network/cards.ts";
import { SETTINGS } from "../paths.ts";
import type { Release } from "../release.ts";
import type { Settings } from "../settings/settings.ts";
import { settingsText } from "../settings/text.ts";
import { readIfThere } from "../system/files.ts";
import type { System } from "../system/system.ts";
import type { Part } from "./parts.ts";
import { lastLines } from "./tail.ts";

/** Bytes of Squid's own log, from its end. */
const CACHE_LOG = 256 * 1024;

/** What the appliance knows about itself. */
export function ownParts(system: System, release: Release, settings: Settings | undefined): Part[] {
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  return [
    {
      name: "version.json",
      about: "this appliance, its runtime and its list of Defender's names",
      make: async () => {
        const { catalogue, installed, problem } = await catalogueInUse(system.paths);
        const about = {
          catalogue: catalogue.version,
          catalogueKey: installed?.key,
          catalogueProblem: problem,
        };
        return json({ ...release, node: process.version.slice(1), ...about });
      },
    },
    {
      name: "status.json",
      about: "posternctl status --json: with addresses and the last denied names",
      make: async () => json(await readStatus(system, settings, release)),
    },
    {
      name: "check.json",
      about: "posternctl check --json",
      make: async () => json(await checkAll({ system, settings, patience: 0 })),
    },
    {
      name: "history.txt",
      about: "when settings were put in force, and where they came from",
      make: async () => {
        const entries = await history(system);
        return entries
          .map(({ number, time, origin }) => `${number}  ${time}  ${originText(origin)}\n`)
          .join("");
      },
    },
    {
      name: "squid-cache.log",
      about: "the end of Squid's own log; the log of requests is not in the bundle",
      make: () => lastLines(system.paths.cacheLog, CACHE_LOG),
    },
  ];
}

/** The settings, without the password and without comments, which may say anything. */
export function settingsPart(settings: Settings | undefined, problem: string | undefined): Part {
  return {
    name: "settings.yaml",
    about: "the settings in force; the password is masked, comments are left out",
    make: async () => (settings === undefined ? `# ${problem ?? "not configured"}\n` : maskedText(settings)),
  };
}

/** The files that are made from the settings, as they stand on the machine. */
export function renderedParts(system: System, settings: Settings | undefined): Part[] {
  if (settings === undefined) return [];
  return renderedPaths(system, settings).map((path) => ({
    name: `files${path}`,
    about: path,
    make: async () => (await readIfThere(system.paths.at(path))) ?? "(there is no such file)\n",
  }));
}

function renderedPaths(system: System, settings: Settings): string[] {
  try {
    const facts = {
      vcpus: system.vcpus(),
      ownNetworks: ownNetworks(system),
      shippedSources: [],
      accounts: {},
    };
    const files = render(settings, facts, "");
    return files.flatMap(({ path, content }) => (path === SETTINGS || content === undefined ? [] : [path]));
  } catch {
    // The bundle is for machines on which something is wrong.
    return [];
  }
}

function maskedText(settings: Settings): string {
  const { passwordHash, ...admin } = settings.admin;
  const masked = passwordHash === undefined ? admin : { ...admin, passwordHash: "(masked)" };
  return settingsText({ ...settings, admin: masked });
}
