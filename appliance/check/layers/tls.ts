import type { Catalogue } from "../../endpoints/catalogue.ts";
import { catalogueInUse } from "../../endpoints/installed.ts";
import { selectEndpoints } from "../../endpoints/select.ts";
import { hostTests } from "../../endpoints/tests.ts";
import type { Defender } from "../../settings/settings.ts";
import { until } from "../../system/until.ts";
import { type Check, type CheckContext, type CheckResult, result } from "../check.ts";
import { isMissing, reach, waysOf } from "../cloud/reach.ts";
import { reachWords } from "../cloud/words.ts";

const TITLE = "Defender";
/** A single name may be gone from Microsoft's DNS for a time. */
const MOST_HOSTS = 3;

/** A tunnel to a Defender host through the local proxy, and a TLS handshake in it with Microsoft's own certificate. */
export const tlsCheck: Check = async (context) => {
  const { system, settings, patience } = context;
  if (settings === undefined) return result("tls", TITLE, "skip", "nothing is opened yet");
  const hosts = hostsToTry(settings.defender, (await catalogueInUse(system.paths)).catalogue);
  if (hosts.length === 0)
    return result("tls", TITLE, "skip", "the settings open no Defender host by its name");
  // Squid may still have a failed look-up in its memory; what is inspected stays inspected.
  return until(
    () => look(context, hosts),
    ({ state }) => state !== "fail",
    { timeout: Math.min(patience, 5000), every: 1000 },
  );
};

async function look(context: CheckContext, hosts: readonly string[]): Promise<CheckResult> {
  const upstream = context.settings?.proxy.upstream;
  let last: CheckResult | undefined;
  for (const host of hosts) {
    const way = await reach({ host, port: 443 }, waysOf(context));
    if (way.kind === "secured")
      return result("tls", TITLE, "ok", `${host} answers with a certificate from ${way.issuer}`);
    const { detail, next } = reachWords(way, { host, upstream });
    last = result("tls", TITLE, "fail", `${host}: ${detail}`, next);
    if (!isMissing(way)) return last;
  }
  return last ?? result("tls", TITLE, "skip", "there is no host to ask");
}

/** Hosts of Defender itself; else any name that is open. */
export function hostsToTry(choice: Defender, catalogue: Catalogue): string[] {
  const tested = hostTests(choice, catalogue).filter(
    ({ port, group }) => port === 443 && /^md[ei]\b/.test(group),
  );
  const names = tested.length > 0 ? tested.map(({ host }) => host) : selectEndpoints(choice, catalogue).tls;
  return [...new Set(names.filter((name) => !name.startsWith(".")))].slice(0, MOST_HOSTS);
}
