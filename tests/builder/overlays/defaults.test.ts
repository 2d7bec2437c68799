import { readFileSync } from "node:fs";
import test from "ava";
import { render } from "../../../appliance/apply/render.ts";
import { DEFAULTS } from "../../../appliance/settings/defaults.ts";
import type { Settings } from "../../../appliance/settings/settings.ts";
import { DEFAULT_FILES } from "../../appliance/kit/machine.ts";

const SETTINGS: Settings = { schema: 1, ...DEFAULTS, clients: [] };

for (const [path, overlay] of DEFAULT_FILES) {
  test(`the image's ${path} is what the default settings make`, (t) => {
    const facts = { vcpus: 1, ownNetworks: [], shippedSources: [] };
    const rendered = render(SETTINGS, facts, "").find((file) => file.path === path);
    const laid = readFileSync(new URL(`../../../overlays/${overlay}/files${path}`, import.meta.url), "utf8");

    t.is(rendered?.content, laid);
  });
}
