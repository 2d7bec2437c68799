import { keepReach } from "../check/reach.ts";
import { testServices } from "../check/services.ts";
import type { Catalogue } from "../endpoints/catalogue.ts";
import { entriesFor, explain, verdictOf } from "../endpoints/explain.ts";
import { catalogueInUse } from "../endpoints/installed.ts";
import { openedNames } from "../endpoints/opened.ts";
import { hostTests } from "../endpoints/tests.ts";
import { EXIT_CODES, PosternError } from "../error.ts";
import { currentSettings } from "../settings/current.ts";
import { hostName } from "../settings/fields.ts";
import type { Settings } from "../settings/settings.ts";
import { usageError } from "./arguments.ts";
import type { Arguments, CommandContext, RunCommand } from "./command.ts";
import { entryLines, explanationLines, openedLines, serviceLines } from "./endpointlines.ts";

const ACTIONS = { list, show, test, explain: explainHost, update: updateBy } as const;

const NAMED: readonly string[] = ["show", "explain", "update"];

/** `list`, `show NAME`, `test`, `explain HOST`, `update FILE`. */
export const run: RunCommand = async (context, args) => {
  const { flags, rest } = args;
  const [action = "list", name] = rest;
  if (!isAction(action)) throw usageError(`There is no endpoints ${action}.`, "endpoints");
  const takesName = NAMED.includes(action);
  const wrong = [...flags].find((flag) => (flag === "json") === (action === "update"));
  if (wrong !== undefined) throw usageError(`endpoints ${action} has no --${wrong}.`, "endpoints");
  if (takesName && name === undefined) throw usageError(`endpoints ${action} needs a name.`, "endpoints");
  if (!takesName && name !== undefined) throw usageError(`${name} is one argument too many.`, "endpoints");
  const settings = await currentSettings(context.system.paths);
  if (settings === undefined) {
    throw new PosternError({
      code: "input.unconfigured",
      message: "This machine is not configured: nothing is open.",
      hint: "posternctl setup",
    });
  }
  const { catalogue, problem } = await catalogueInUse(context.system.paths);
  const call = { ...context, settings, isJson: flags.has("json"), catalogue, args };
  if (problem !== undefined && !call.isJson && action !== "update") context.print(problem);
  return ACTIONS[action](call, name ?? "");
};

interface Call extends CommandContext {
  settings: Settings;
  isJson: boolean;
  catalogue: Catalogue;
  args: Arguments;
}

function isAction(text: string): text is keyof typeof ACTIONS {
  return Object.hasOwn(ACTIONS, text);
}

async function list(call: Call): Promise<number> {
  const { settings, catalogue } = call;
  const names = openedNames(settings.defender, catalogue);
  say(call, names, () => openedLines(names, catalogue));
  return 0;
}

async function show(call: Call, name: string): Promise<number> {
  const { settings, catalogue } = call;
  const wanted = hostOf(name);
  const exact = catalogue.entries.filter(({ host }) => host === name || host.replace(/^\./, "") === wanted);
  const entries = exact.length > 0 ? exact : entriesFor(wanted, settings.defender, catalogue);
  if (entries.length === 0) {
    throw new PosternError({
      code: "input.endpoint",
      message: `The catalogue of ${catalogue.version} has no ${wanted}.`,
      hint: `posternctl endpoints explain ${wanted}`,
    });
  }
  const verdicts = entries.map((entry) => verdictOf(entry, settings.defender, catalogue));
  say(call, verdicts, () => verdicts.flatMap((verdict) => entryLines(verdict, catalogue)));
  return 0;
}

async function explainHost(call: Call, name: string): Promise<number> {
  const { settings, catalogue } = call;
  const explanation = explain(hostOf(name), settings.defender, catalogue);
  say(call, explanation, () => explanationLines(explanation, catalogue));
  return 0;
}

async function test(call: Call): Promise<number> {
  const { system, settings, isJson, print, catalogue } = call;
  if (!isJson)
    print(
      `Asking ${hostTests(settings.defender, catalogue).length} addresses through the proxy; at most 30 s.`,
    );
  const services = await testServices({ system, settings, patience: 0 });
  await keepReach(system, settings, services);
  say(call, services, () => services.flatMap(serviceLines));
  return services.some(({ state }) => state === "fail") ? EXIT_CODES.network : 0;
}

async function updateBy({ settings, args, ...context }: Call, file: string): Promise<number> {
  const { update } = await import("./endpointsupdate.ts");
  return update(context, settings, file, args);
}

function say({ isJson, print }: Call, value: unknown, lines: () => readonly string[]): void {
  if (isJson) print(JSON.stringify(value, undefined, 2));
  else for (const line of lines()) print(line);
}

/** A host from what people paste: a URL, `host:443`, `*.host`, a name with a dot at the end. */
function hostOf(text: string): string {
  const bare = text
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/[/?#].*$/s, "")
    .replace(/:\d+$/, "")
    .replace(/^\*?\./, "")
    .replace(/\.$/, "");
  const parsed = hostName(bare.replace(/^\{workspace\}/, ""));
  if (!parsed.ok)
    throw usageError(`${bare.slice(0, 100)} is no host name: addresses are always refused.`, "endpoints");
  return bare.toLowerCase();
}
