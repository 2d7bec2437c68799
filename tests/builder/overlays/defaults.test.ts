import { readFileSync } from "node:fs";
import test from "ava";
import { render } from "../../../appliance/apply/render.ts";
import { afterRules } from "../../../appliance/firewall/after.ts";
import { outgoingAtFirst } from "../../../appliance/firewall/outgoing.ts";
import { DEFAULTS } from "../../../appliance/settings/defaults.ts";
import type { Settings } from "../../../appliance/settings/settings.ts";
import { ACCOUNTS } from "../../../appliance/system/accounts.ts";
import { DEFAULT_FILES } from "../../appliance/kit/machine.ts";

const SETTINGS: Settings = { schema: 1, ...DEFAULTS, clients: [] };

for (const [path, overlay] of DEFAULT_FILES) {
  test(`the image's ${path} is what the default settings make`, (t) => {
    const facts = { vcpus: 1, ownNetworks: [], shippedSources: [], accounts: {} };
    const rendered = render(SETTINGS, facts, "").find((file) => file.path === path);
    const laid = readFileSync(new URL(`../../../overlays/${overlay}/files${path}`, import.meta.url), "utf8");

    t.is(rendered?.content, laid);
  });
}

for (const [path, family] of [
  ["/etc/ufw/after.rules", 4],
  ["/etc/ufw/after6.rules", 6],
] as const) {
  test(`the image's ${path} lets out what a machine without settings needs`, (t) => {
    const laid = readFileSync(new URL(`../../../overlays/firewall/files${path}`, import.meta.url), "utf8");

    t.is(laid, afterRules(outgoingAtFirst(), family, ACCOUNTS));
  });
}
