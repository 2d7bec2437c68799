import { ownAddress } from "../clients/address.ts";
import { clientGuide, type GuideFacts, type GuidePage } from "../clients/guide.ts";
import { hostPort, proxyUrl } from "../clients/page.ts";
import { registryText, registryValues } from "../clients/registry.ts";
import { clientTests } from "../clients/tests.ts";
import { catalogueInUse } from "../endpoints/installed.ts";
import { PosternError } from "../error.ts";
import { parseAddress } from "../network/address.ts";
import { PROXY_PORT } from "../paths.ts";
import { currentSettings } from "../settings/current.ts";
import { DEFAULTS } from "../settings/defaults.ts";
import { hostName } from "../settings/fields.ts";
import type { System } from "../system/system.ts";
import { usageError } from "./arguments.ts";
import type { RunCommand } from "./command.ts";

const FORMATS = ["text", "powershell", "reg", "json"] as const;

/** What the clients of this very proxy have to be set to, to read or to run there. */
export const run: RunCommand = async ({ system, print }, { values, rest: [topic] }) => {
  const format = FORMATS.find((one) => one === (values.get("format") ?? "text"));
  if (format === undefined) throw usageError(`--format is one of ${FORMATS.join(", ")}.`, "clients");
  const facts = await factsOf(system, values.get("address"));
  const pages = clientGuide(facts).filter(({ id }) => topic === undefined || id === topic);
  if (pages.length === 0) {
    const known = clientGuide(facts).map(({ id }) => id);
    throw usageError(`There is no topic ${topic}; there are ${known.join(", ")}.`, "clients");
  }
  if (topic !== undefined && (format === "powershell" || format === "reg"))
    throw usageError(`--format ${format} has no topics.`, "clients");
  if (format === "text") print(guideText(pages));
  else if (format === "json") print(JSON.stringify(guideData(facts, pages), undefined, 2));
  else if (format === "reg") print(forWindows(registryText(facts)));
  else print(forWindows((await import("../clients/powershell.ts")).powershellText(facts, facts.tests)));
  return 0;
};

type Facts = GuideFacts & Required<Pick<GuideFacts, "tests">>;

async function factsOf(system: System, given: string | undefined): Promise<Facts> {
  const settings = await currentSettings(system.paths);
  const address = given === undefined ? await ownAddress(system, settings) : clientAddress(given);
  if (address === undefined) {
    throw new PosternError({
      code: "network.address",
      message: "This machine has no IPv4 address now.",
      hint: "Name the address that clients will use: posternctl clients --address 10.20.0.5",
    });
  }
  const defender = settings?.defender ?? DEFAULTS.defender;
  const { cloud, workspaces } = defender;
  const { catalogue } = await catalogueInUse(system.paths);
  return { address, port: PROXY_PORT, cloud, workspaces, tests: clientTests(defender, catalogue) };
}

/** An IPv4 address, which Defender needs all the way, or a name. */
function clientAddress(text: string): string {
  const address = parseAddress(text);
  if (address.ok && address.value.family === 4) return text;
  const name = hostName(text);
  if (name.ok) return name.value;
  throw usageError(
    "--address is an IPv4 address or a name, such as 10.20.0.5 or proxy.corp.example.",
    "clients",
  );
}

function guideText(pages: readonly GuidePage[]): string {
  return pages.map(({ id, title, lines }) => [`${title}  [${id}]`, "", ...lines].join("\n")).join("\n\n\n");
}

function guideData(facts: Facts, pages: readonly GuidePage[]) {
  const { address, port, cloud, workspaces, tests } = facts;
  const registry = registryValues(facts);
  return {
    address,
    port,
    proxy: hostPort(facts),
    url: proxyUrl(facts),
    cloud,
    workspaces,
    registry,
    tests,
    pages,
  };
}

/** Windows' own line ends; `print` adds the last line feed. */
function forWindows(text: string): string {
  return text.replace(/\n$/, "\r").replaceAll(/(?<!\r)\n/g, "\r\n");
}
