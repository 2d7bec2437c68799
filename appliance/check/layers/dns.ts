import { isIP } from "node:net";
import { readIfThere } from "../../system/files.ts";
import { until } from "../../system/until.ts";
import { type Check, type CheckContext, type CheckResult, result, worldOf } from "../check.ts";
import { nameserversOf } from "../network.ts";
import { type Answer, answerOf, askServer } from "./ask.ts";

/** Asked for in every cloud: certificate lists and definitions come from here. */
const KNOWN_NAME = "www.microsoft.com";
const TITLE = "DNS";
const SILENT: Answer = { kind: "silent" };
/** systemd-resolved(8): every server it knows, from the settings and from DHCP. */
const UPSTREAM = "/run/systemd/resolve/resolv.conf";

/** Each DNS server is asked by itself, so that the one that does not answer has a name; then the local resolver. */
export const dnsCheck: Check = (context) =>
  until(
    () => look(context),
    ({ state }) => state !== "fail",
    { timeout: context.patience },
  );

async function look(context: CheckContext): Promise<CheckResult> {
  const { resolver, dnsPort } = worldOf(context);
  const servers = await serversOf(context);
  const name = nameToAsk(context);
  if (servers.length === 0) {
    const next = "Set a DNS server, or let the DHCP server give one.";
    return result("dns", TITLE, "fail", "no DNS server is known", next);
  }
  const [own, ...answers] = await Promise.all(
    [resolver, ...servers].map((server) => askServer(server, dnsPort, name)),
  );
  const asked = servers.map((server, index) => ({ server, answer: answers[index] ?? SILENT }));
  const seen = judge(name, asked, own ?? SILENT);
  // A network whose only way out is another proxy may well know none but its own names.
  const isNeeded = isIP(context.settings?.proxy.upstream?.host ?? "") === 0;
  return isNeeded || seen.state === "ok" ? seen : { ...seen, state: "warn" };
}

/** What the answers mean together: one server that works is enough, and one that does not is named. */
export function judge(
  name: string,
  asked: readonly { server: string; answer: Answer }[],
  own: Answer,
): CheckResult {
  const bad = asked.filter(({ answer }) => answer.kind !== "address");
  const words = bad.map(({ server, answer }) => `${server} ${answerOf(answer, name).detail}`).join("; ");
  const [first] = bad;
  const next = first && answerOf(first.answer, name).next;
  if (bad.length === asked.length) return result("dns", TITLE, "fail", words, next);
  if (own.kind !== "address") {
    const good = asked.filter((one) => !bad.includes(one)).map(({ server }) => server);
    const detail = `${good.join(", ")} answers, but this machine's own resolver ${answerOf(own, name).detail}`;
    return result("dns", TITLE, "fail", detail, "systemctl restart systemd-resolved; then: posternctl check");
  }
  const addresses = `${name} is ${own.address}`;
  if (bad.length > 0) return result("dns", TITLE, "warn", `${addresses}; ${words}`, next);
  return result("dns", TITLE, "ok", `${addresses}, says ${asked.map(({ server }) => server).join(", ")}`);
}

async function serversOf({ system, settings }: CheckContext): Promise<readonly string[]> {
  const configured = settings?.network.dns ?? [];
  if (configured.length > 0) return configured;
  return nameserversOf((await readIfThere(system.paths.at(UPSTREAM))) ?? "");
}

/** With a proxy behind this one, only that proxy's name has to be known here. */
function nameToAsk({ settings }: CheckContext): string {
  const host = settings?.proxy.upstream?.host;
  return host === undefined || isIP(host) !== 0 ? KNOWN_NAME : host;
}
