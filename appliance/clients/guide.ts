import { DEFAULTS } from "../settings/defaults.ts";
import type { GuideFacts, GuidePage } from "./page.ts";
import { identityPage } from "./pages/identity.ts";
import { linuxPage, macPage } from "./pages/others.ts";
import { overviewPage } from "./pages/overview.ts";
import { verifyPage } from "./pages/verify.ts";
import { antivirusPage, sensorPage, winhttpPage } from "./pages/windows.ts";
import { clientTests } from "./tests.ts";

export type { ClientTest, GuideFacts, GuidePage } from "./page.ts";

/** What to set on the clients of this very proxy, topic by topic. */
export function clientGuide(facts: GuideFacts): GuidePage[] {
  const tests = facts.tests ?? defaultTests(facts);
  return [
    overviewPage(facts),
    sensorPage(facts),
    antivirusPage(facts),
    winhttpPage(facts),
    identityPage(facts),
    linuxPage(facts),
    macPage(facts),
    verifyPage(facts, tests),
  ];
}

function defaultTests({ cloud, workspaces }: GuideFacts) {
  return clientTests({ ...DEFAULTS.defender, cloud, workspaces });
}
