import test from "ava";
import fc from "fast-check";
import { editSettings } from "../../../appliance/settings/edit.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import type { Settings } from "../../../appliance/settings/settings.ts";
import { settingsText } from "../../../appliance/settings/text.ts";
import { settingsArbitrary } from "../kit/arbitrary.ts";
import { writtenSomehow } from "./editing/layouts.ts";
import { CERTIFICATE, FULL, SMALLEST } from "./fixtures.ts";

const read = (text: string): Settings => parseSettings(text, "settings.yaml");

function isValid(text: string): boolean {
  try {
    read(text);
    return true;
  } catch {
    return false;
  }
}

test("whatever the text and the settings: the result means the settings", (t) => {
  const both = settingsArbitrary.chain((settings) => fc.tuple(writtenSomehow(settings), settingsArbitrary));
  let valid = 0;
  fc.assert(
    fc.property(both, ([text, after]) => {
      valid += isValid(text) ? 1 : 0;
      t.deepEqual(read(editSettings(text, after)), after);
    }),
    { numRuns: 200 },
  );
  t.true(valid > 100, `${valid} of the texts were settings`);
});

test("without a difference the text stays to the byte", (t) => {
  const written = settingsArbitrary.chain(writtenSomehow).filter(isValid);
  fc.assert(
    fc.property(written, (text) => {
      t.is(editSettings(text, read(text)), text);
    }),
  );
});

test("one changed word changes that word alone", (t) => {
  const written = settingsArbitrary
    .map((settings) => ({ ...settings, hostname: "before-01" }))
    .chain(writtenSomehow)
    // A remark further in, below the word and whatever is blank, counts as one beside it.
    .filter((text) => isValid(text) && /^hostname: [^\n]*\n(?!(?:[ \t\r]*\n)*[ \t]*#)/m.test(text));
  fc.assert(
    fc.property(written, (text) => {
      const edited = editSettings(text, { ...read(text), hostname: "after-01" });
      t.is(edited, text.replace("before-01", "after-01"));
    }),
  );
});

for (const end of ["\n", "\r\n"]) {
  test(`a remark further in moves no line: ${JSON.stringify(end)}`, (t) => {
    const text = [
      "schema: 1",
      "# a remark",
      "    # a remark further in",
      "hostname: before-01",
      "network:",
      "   mode: dhcp    # beside",
      " \t",
      "clients:",
      "    - cidr: 10.2.0.0/20",
      "      label: a",
      "",
    ].join(end);

    const edited = editSettings(text, { ...read(text), hostname: "after-01" });

    t.is(edited, text.replace("before-01", "after-01"));
  });
}

const KEPT = `# The proxy in the cellar.

schema: 1    # do not touch


hostname:  "cellar-01"   # asset 4711
clients:   # asked for by Kim
# servers
- cidr: 10.20.0.0 255.255.0.0      # whole site
  label: 'servers'
# printers, until spring
- {cidr: 10.30.5.0/24,label: dmz}
network:
    mode: dhcp   # for now
    dns: [ 10.20.0.2,10.20.0.3 ]   # two of them
logging:
    retentionDays: 90   # a quarter
# the end
`;

/** Changes the settings of KEPT, and the lines that go and come. */
const EDITS: [string, (settings: Settings) => Settings, string[], string[]][] = [
  [
    "a word in quotes",
    (all) => ({ ...all, hostname: "attic-01" }),
    ['hostname:  "cellar-01"   # asset 4711'],
    ['hostname: "attic-01" # asset 4711'],
  ],
  [
    "a number",
    (all) => ({ ...all, logging: { retentionDays: 30 } }),
    ["    retentionDays: 90   # a quarter"],
    ["    retentionDays: 30 # a quarter"],
  ],
  [
    "a further client",
    (all) => ({ ...all, clients: [...all.clients, { cidr: "10.40.0.0/16", label: "new" }] }),
    [],
    ["- cidr: 10.40.0.0/16", "  label: new"],
  ],
  [
    "the first client gone, with its remark",
    (all) => ({ ...all, clients: all.clients.slice(1) }),
    ["# servers", "- cidr: 10.20.0.0 255.255.0.0      # whole site", "  label: 'servers'"],
    [],
  ],
  [
    "the second client gone",
    (all) => ({ ...all, clients: all.clients.slice(0, 1) }),
    ["# printers, until spring", "- {cidr: 10.30.5.0/24,label: dmz}"],
    [],
  ],
  [
    "another label",
    (all) => ({ ...all, clients: all.clients.map((one) => ({ ...one, label: `${one.label} b` })) }),
    ["  label: 'servers'", "- {cidr: 10.30.5.0/24,label: dmz}"],
    ["  label: 'servers b'", "- { cidr: 10.30.5.0/24, label: dmz b }"],
  ],
  [
    "a section that was not there",
    (all) => ({ ...all, time: { ...all.time, zone: "Europe/Berlin" } }),
    [],
    ["time:", "  zone: Europe/Berlin", ""],
  ],
  [
    "one DNS server",
    (all) => ({ ...all, network: { ...all.network, dns: ["10.20.0.2"] } }),
    ["    dns: [ 10.20.0.2,10.20.0.3 ]   # two of them"],
    ["    dns: [ 10.20.0.2 ] # two of them"],
  ],
];
for (const [title, change, gone, come] of EDITS) {
  test(`only what changed is written: ${title}`, (t) => {
    const after = change(read(KEPT));

    const edited = editSettings(KEPT, after);

    t.deepEqual(read(edited), after);
    const [old, fresh] = [KEPT.split("\n"), edited.split("\n")];
    t.deepEqual(without(old, fresh), gone);
    t.deepEqual(without(fresh, old), come);
  });
}

/** Lines that are not in others, each as often as it is missing. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return lines.filter((line) => {
    const index = rest.indexOf(line);
    if (index !== -1) rest.splice(index, 1);
    return index === -1;
  });
}

test("a remark goes with its entry when entries change places", (t) => {
  const before = read(KEPT);

  const edited = editSettings(KEPT, { ...before, clients: before.clients.toReversed() });

  t.regex(edited, /# printers[^\n]*\n *- *\{[^\n]*10\.30[\s\S]*# servers\n *- cidr: 10\.20\.0\.0 255/);
});

test("what goes without saying is not written", (t) => {
  const after: Settings = {
    ...read(SMALLEST),
    defender: { ...read(SMALLEST).defender, extra: [{ host: "a.example.com", ports: [443] }] },
    logging: { retentionDays: 30, syslog: { host: "siem.example.com", port: 514, protocol: "udp" } },
  };

  t.is(
    editSettings(SMALLEST, after),
    `${SMALLEST}defender:
  extra:
    - host: a.example.com
logging:
  syslog:
    host: siem.example.com
    protocol: udp
`,
  );
});

test("a default that hangs on another value is written when that one changes", (t) => {
  const text = `${SMALLEST}logging:\n  syslog: { host: siem.example.com } # theirs\n`;
  const after: Settings = {
    ...read(text),
    logging: { retentionDays: 30, syslog: { host: "siem.example.com", port: 6514, protocol: "udp" } },
  };

  const edited = editSettings(text, after);

  t.regex(edited, /syslog: \{ host: siem\.example\.com, protocol: udp, port: 6514 \} # theirs/);
});

test("a certificate comes as a block of lines, and goes whole", (t) => {
  const syslog = { host: "siem.example.com", port: 6514, protocol: "tls" as const };
  const before = read(SMALLEST);
  const withCa: Settings = {
    ...before,
    logging: { retentionDays: 30, syslog: { ...syslog, ca: CERTIFICATE } },
  };

  const edited = editSettings(SMALLEST, withCa);
  const back = editSettings(edited, { ...before, logging: { retentionDays: 30, syslog } });

  t.regex(edited, /^ {4}ca: \|\n {6}-----BEGIN CERTIFICATE-----$/m);
  t.is(back, `${SMALLEST}logging:\n  syslog:\n    host: siem.example.com\n`);
});

test("a text that is no settings file is replaced whole", (t) => {
  for (const text of ["", "schema: 2\n", "a: [", "- 1\n"]) t.is(editSettings(text, FULL), settingsText(FULL));
});
