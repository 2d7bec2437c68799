import Mustache from "mustache";
import { type ClientTest, type GuideFacts, hostPort } from "./page.ts";
import { type RegistryValue, registryValues } from "./registry.ts";
import { CHANGES } from "./script/changes.ts";
import { HEAD, MAIN } from "./script/frame.ts";
import { PROBES } from "./script/probes.ts";

/**
 * Set-PosternProxy.ps1: sets, tests and removes the proxy on one machine, for Windows PowerShell 5.1, which
 * every Windows that Defender supports has.
 */
export function powershellText(facts: GuideFacts, tests: readonly ClientTest[]): string {
  const view = {
    address: facts.address,
    port: facts.port,
    values: registryValues(facts).map((value) => ({
      ...value,
      expression: expressionOf(value, facts),
      ours: value.type === "DWord" ? "$owned" : "$true",
    })),
    tests: tests.map(({ host, path, expected }) => ({ host, path, awaited: expected ?? "$null" })),
  };
  return Mustache.render(HEAD + CHANGES + PROBES + MAIN, view, undefined, { escape: inSingleQuotes });
}

/** PowerShell takes the typographic single quotes for plain ones (about_Quoting_Rules). */
export function inSingleQuotes(value: unknown): string {
  return String(value).replaceAll(/['\u2018-\u201b]/g, "$&$&");
}

/** The script's own variables, so that its parameters decide. */
function expressionOf({ type, value }: RegistryValue, facts: GuideFacts): string {
  if (type === "DWord") return String(value);
  return value === hostPort(facts) ? "$proxy" : "$proxyUrl";
}
