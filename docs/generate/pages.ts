import { keptResults, MADE } from "../../bench/load/store.ts";
import { cataloguePage } from "./cataloguepage.ts";
import { catalogueJsonSchema } from "./catalogueschema.ts";
import { clientsPage } from "./clientspage.ts";
import { commandPage } from "./commandpage.ts";
import { settingsJsonSchema } from "./jsonschema.ts";
import { limitsPage } from "./limitspage.ts";
import { manPage } from "./manpage.ts";
import { settingsPage } from "./settingspage.ts";
import { sizingPage } from "./sizingpage.ts";

/** The files of docs/ that are made from the code, and what is in them. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "catalogue.md": cataloguePage,
  "catalogue.schema.json": () => `${JSON.stringify(catalogueJsonSchema(), undefined, 2)}\n`,
  "clients.md": clientsPage,
  "limits.md": limitsPage,
  "posternctl.8": manPage,
  "posternctl.md": commandPage,
  "settings.md": settingsPage,
  "settings.schema.json": () => `${JSON.stringify(settingsJsonSchema(), undefined, 2)}\n`,
  "sizing.md": () => sizingPage(keptResults()),
  ...Object.fromEntries(Object.entries(MADE).map(([file, make]) => [file, () => make(keptResults())])),
};
