import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Facts } from "../../../appliance/apply/facts.ts";
import { render } from "../../../appliance/apply/render.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { CLIENTS } from "./addresses.ts";
import { type LabConfig, SQUID_CONF } from "./squid.ts";

const OVERLAY = join(import.meta.dirname, "../../../overlays/proxy/files");
/** Where Squid reads what the image lays for it. */
const FOLDERS = ["etc/squid", "usr/share/squid", "usr/share/postern"];

/** What an operator who takes every default has: both products, streamlined, one network of clients. */
export const LAB_SETTINGS = `schema: 1
clients:
  - cidr: ${CLIENTS}
defender:
  workspaces: [contoso]
`;

export interface PosternWish {
  /** The text of settings.yaml. */
  settings?: string;
  name?: string;
  vcpus?: number;
  nofile?: number;
}

/** Squid's files as the appliance renders them from settings, with those that the image brings. */
export function posternConfig(wish: PosternWish = {}): LabConfig {
  const { settings = LAB_SETTINGS, name = "postern", vcpus = 1, nofile } = wish;
  const facts: Facts = { vcpus, ownNetworks: [], shippedSources: [] };
  const rendered = render(parseSettings(settings, "settings.yaml"), facts, settings)
    .filter(({ path }) => FOLDERS.some((folder) => path.startsWith(`/${folder}/`)))
    .flatMap(({ path, content }) => (content === undefined ? [] : [[path, content] as const]));
  const files = { ...laidFiles(), ...Object.fromEntries(rendered) };
  return { name, files, ...(nofile === undefined ? {} : { nofile }) };
}

/** The overlay's own files for Squid; squid.conf there is the closed one, and is replaced. */
function laidFiles(): Record<string, string> {
  const entries = readdirSync(OVERLAY, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(OVERLAY, join(entry.parentPath, entry.name)))
    .filter((path) => FOLDERS.some((folder) => path.startsWith(`${folder}/`)) && `/${path}` !== SQUID_CONF)
    .toSorted();
  return Object.fromEntries(files.map((path) => [`/${path}`, readFileSync(join(OVERLAY, path), "utf8")]));
}
