import test from "ava";
import fc from "fast-check";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { changesInWords } from "../../../appliance/settings/words.ts";
import { anySettings, ED25519, FULL, SMALLEST, YESCRYPT } from "./fixtures.ts";

const BASE = parseSettings(SMALLEST, "settings.yaml");

const TABLE: [string, string, string[]][] = [
  ["a client more", "  - { cidr: 10.30.0.0/16, label: dmz }\n", ["Clients: 10.30.0.0/16 (dmz) is added"]],
  ["a name", "hostname: proxy-02\n", ["Name: postern becomes proxy-02"]],
  [
    "an address",
    "network: { mode: static, address: 10.20.0.5/24, gateway: 10.20.0.1, dns: [10.20.0.2] }\n",
    [
      "Address: by DHCP becomes 10.20.0.5/24",
      "Gateway: by DHCP becomes 10.20.0.1",
      "DNS servers: 10.20.0.2 is added",
    ],
  ],
  [
    "a key and a password",
    `admin: { sshKeys: ["${ED25519}"], passwordHash: "${YESCRYPT}" }\n`,
    [
      "SSH keys: SHA256:ScPqvQzNNsfFD6nGxMFA3uENIzrnm1SAxYKPzgDqVGM admin@desk is added",
      "Administrator's password: new",
    ],
  ],
  [
    "IPv6",
    "network: { ipv6: { mode: static, address: 'fd00::5/64', gateway: 'fe80::1' } }\n",
    ["IPv6: off becomes fd00::5/64, gateway fe80::1"],
  ],
  ["updates", "updates: { mode: 'off' }\n", ["Updates: security updates by themselves becomes off"]],
];
for (const [title, more, words] of TABLE) {
  test(`${title}, in words`, (t) => {
    const after = parseSettings(SMALLEST + more, "settings.yaml");

    const seen = changesInWords(BASE, after);

    // The fingerprint is what ssh-keygen prints; sshkey.test.ts holds it to that.
    t.deepEqual(seen.map(withoutPrint), words.map(withoutPrint));
  });
}

function withoutPrint(line: string): string {
  return line.replace(/SHA256:\S+/, "SHA256:...");
}

test("an order that changes is a change", (t) => {
  const servers = (list: string) =>
    parseSettings(`${SMALLEST}network: { dns: [${list}] }\n`, "settings.yaml");

  t.deepEqual(changesInWords(servers("10.0.0.1, 10.0.0.2"), servers("10.0.0.2, 10.0.0.1")), [
    "DNS servers: now in the order 10.0.0.2, 10.0.0.1",
  ]);
});

test("without settings before, everything that is set is said", (t) => {
  const words = changesInWords(undefined, FULL);

  t.true(words.includes("Address: 10.20.0.5/24"));
  t.true(words.includes("Clients: 10.20.0.0/16 (servers) is added"));
  t.true(words.includes("Administrator's password: new"));
});

test("two settings have words between them exactly where they differ, and never a secret", (t) => {
  fc.assert(
    fc.property(anySettings, anySettings, (before, after) => {
      t.deepEqual(changesInWords(before, structuredClone(before)), []);
      const words = changesInWords(before, after);
      t.is(words.length === 0, isSame(before, after));
      t.false(words.join("\n").includes("$y$"));
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

/** Keys in one order: an object says the same whatever order they came in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  );
}
