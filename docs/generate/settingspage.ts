import { builtInCatalogue } from "../../appliance/endpoints/catalogue.ts";
import { SERVICES } from "../../appliance/settings/settings.ts";
import { type Described, defaultOf, isRequired, limitOf, settingsDescribed } from "./described.ts";
import { cell, code, GENERATED, tableOf } from "./markdown.ts";

const INTRODUCTION = `# The settings file

Everything on the appliance is made from one file, \`/etc/postern/settings.yaml\`. \`posternctl setup\` writes it
and keeps the comments that you put there; or edit it and run \`posternctl apply\`. The smallest one:

\`\`\`yaml
schema: 1
clients:
  - cidr: 10.20.0.0/16
\`\`\`

Every other field may be left out. [settings.example.yaml](settings.example.yaml) has all of them, with comments.

- The file is YAML 1.2 in UTF-8, at most 256 KiB, without tags, aliases, merge keys or repeated names.
- Unknown fields are problems. All problems are reported at once, each with its path, what was expected and what
  came; values of secret fields are never shown.
- Texts may be written in several ways and mean the same: \`10.20.0.0 255.255.0.0\` is \`10.20.0.0/16\`, upper case
  names are lower case ones.
- [settings.schema.json](settings.schema.json) is the same as JSON Schema (2020-12), for editors that complete and
  check while you type. In many of them this line at the top of the file is enough:
  \`# yaml-language-server: $schema=settings.schema.json\`. It takes everything that \`posternctl\` takes;
  \`posternctl\` looks closer.
`;

/** docs/settings.md: every field, with what it is, what it is by default, and an example. */
export function settingsPage(): string {
  const { keys = {} } = settingsDescribed();
  const entries = Object.entries(keys);
  const isSection = (field: Described) => field.type === "object" || field.type === "array";
  const top = entries.filter(([, field]) => !isSection(field));
  const sections = entries.filter(([, field]) => isSection(field));
  return [
    GENERATED,
    INTRODUCTION,
    "## At the top",
    "",
    fieldTable(top),
    ...sections.map(([name, field]) => sectionText(name, field)),
    servicesText(),
  ].join("\n");
}

function sectionText(name: string, field: Described): string {
  const text = field.flags?.description ?? "";
  return [
    `## ${name}`,
    "",
    `${text}${isRequired(field) ? " Needed." : ""}`,
    "",
    fieldTable(rowsBelow("", field)),
  ].join("\n");
}

/** The fields below one, by their paths from there: `ipv6.mode`, `[].cidr`. */
function rowsBelow(path: string, { keys, items }: Described): [string, Described][] {
  const item = items?.[0];
  if (item?.keys !== undefined) return rowsBelow(`${path}[]`, item);
  return Object.entries(keys ?? {}).flatMap(([name, field]) => {
    const own = path === "" ? name : `${path}.${name}`;
    return [[own, field] as [string, Described], ...rowsBelow(own, field)];
  });
}

function fieldTable(fields: readonly [string, Described][]): string {
  return tableOf(
    ["field", "what", "by default", "example"],
    fields.map(([path, field]) => [code(path), whatText(field), defaultText(field), exampleText(field)]),
  );
}

function whatText(field: Described): string {
  const { flags = {}, notes = [], allow = [], items } = field;
  const choice = flags.only === true ? allow : items?.[0]?.flags?.only === true ? items[0].allow : undefined;
  const least = limitOf(field, "min");
  const most = limitOf(field, "max");
  const unit = flags.unit === undefined ? "" : ` ${flags.unit}`;
  const range = field.type === "number" ? `${least} to ${most}${unit}.` : undefined;
  const values = choice === undefined ? undefined : `${choice.map((one) => code(one)).join(", ")}.`;
  const isLong = choice !== undefined && choice.length > 8;
  const shown = isLong ? "See [services](#services)." : values;
  return cell([flags.description, shown, range, ...notes].filter(Boolean).join(" "));
}

function defaultText(field: Described): string {
  const words = field.metas?.find((meta) => meta.default !== undefined)?.default;
  if (words !== undefined) return cell(words);
  if (isRequired(field)) return "needed";
  const value = defaultOf(field);
  return value === undefined ? "" : code(value);
}

function exampleText({ examples = [] }: Described): string {
  return examples[0] === undefined ? "" : code(examples[0]);
}

function servicesText(): string {
  const { services, version } = builtInCatalogue();
  const rows = SERVICES.map((service) => {
    const titles = services.filter(({ choices }) => choices.includes(service)).map(({ title }) => title);
    return [code(service), cell(titles.join("; "))];
  });
  return [
    "## Services",
    "",
    `What each of \`defender.services\` opens, as of the catalogue of ${version}. Names that the sensors check`,
    "certificates with are open with every one of them.",
    "",
    tableOf(["service", "opens"], rows),
  ].join("\n");
}
