import { MOST_TOKENS } from "../../../appliance/settings/tokens.ts";

const LARGEST = 250_000;

/** A piece as often as it fits into a file that is just not too large. */
function filled(piece: string, around: readonly [string, string] = ["", ""]): string {
  return around[0] + piece.repeat(Math.floor(LARGEST / piece.length)) + around[1];
}

function numbered(count: number, line: (index: number) => string): string {
  let text = "";
  for (let index = 0; index < count && text.length < LARGEST; index++) text += line(index);
  return text;
}

/** Texts that keep a careless parser busy or make it recurse; the first ones are just below the bounds. */
export function bombs(): Record<string, string> {
  const inField = (field: string): [string, string] => [`schema: 1\n${field}: '`, "'\n"];
  return {
    "as many names as are let in": numbered(Math.floor(MOST_TOKENS / 4) - 100, (index) => `k${index}:\n`),
    "as many names as are let in, in braces": `{${numbered(Math.floor(MOST_TOKENS / 3) - 100, (index) => `k${index},`)}}`,
    "as many clients as are let in": `schema: 1\nclients:\n${numbered(Math.floor(MOST_TOKENS / 9), (index) => `- cidr: 10.${index % 256}.${(index >> 8) % 256}.0/24\n`)}`,
    "names without end": numbered(LARGEST, (index) => `k${index}:\n`),
    "clients without end": numbered(LARGEST, () => "- cidr: 10.0.0.0/8\n"),
    "deep brackets": filled("["),
    "deep braces": filled("{a: "),
    "deep dashes": filled("- "),
    "deep question marks": filled("? "),
    "steps of indentation": numbered(LARGEST, (index) => `${" ".repeat(Math.min(index, 480))}a:\n`),
    "up and down": numbered(LARGEST, (index) => `${" ".repeat(index % 30)}a:\n`),
    "empty braces": filled("{}"),
    quotes: filled('"'),
    "question marks in lines": filled("?\n"),
    "colons in lines": filled(":\n"),
    anchors: filled("&a "),
    tags: filled("! "),
    directives: filled("%\n"),
    documents: filled("---\n"),
    pipes: filled("|\n"),
    remarks: filled("#\n"),
    "empty lines": filled("\n"),
    "an anchor laughed at": `a: &a [1]\nb: [${filled("*a,")}]`,
    "a long number": filled("9", ["schema: ", "\n"]),
    "a long plain text": filled("a ", ["schema: 1\nhostname: ", "\n"]),
    "a long folded text": filled(" a\n", ["schema: 1\nhostname: >\n", ""]),
    "a long name of a host": filled("a.", inField("hostname")),
    "a long escape": filled("\\x41", ['"', '"']),
    "a long address": filled(":", ["schema: 1\nclients: [{ cidr: '", "/1' }]\n"]),
    "spaces in an address": filled(" ", ["schema: 1\nclients: [{ cidr: '10.0.0.0", "x' }]\n"]),
    "a long label": filled("a ", ["schema: 1\nclients: [{ cidr: 10.0.0.0/8, label: '", "' }]\n"]),
    "certificates that never end": filled("-----BEGIN CERTIFICATE-----\n\n", [
      "schema: 1\nlogging: { syslog: { host: a, ca: '",
      "' } }\n",
    ]),
    "a long window": filled("Mon,", ["schema: 1\nupdates: { window: '", "' }\n"]),
    "a long mirror": filled("a.", ["schema: 1\nupdates: { mirror: 'http://", "' }\n"]),
    "stars in a destination": filled("*.", ["schema: 1\ndefender: { extra: [{ host: '", "' }] }\n"]),
    "the same service again and again": filled("  - mde\n", ["schema: 1\ndefender:\n  services:\n", ""]),
  };
}
