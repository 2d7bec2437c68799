import { execFileSync } from "node:child_process";
import test from "ava";
import { hashPassword, passwordText } from "../../../appliance/access/password.ts";
import { authorizedKeys, sshNetworks } from "../../../appliance/access/ssh.ts";
import type { Settings } from "../../../appliance/settings/settings.ts";
import { realSystem } from "../../../appliance/system/node.ts";
import { chronySources } from "../../../appliance/time/chrony.ts";
import { testWith } from "../kit/tools.ts";
import { ED25519, FULL } from "../settings/fixtures.ts";

const DHCP: Settings = {
  ...FULL,
  network: { mode: "dhcp", dns: [], search: [], ipv6: { mode: "off" }, routes: [], additional: [] },
};
const OWN = ["10.0.2.0/24"];

const SSH: [string, Settings, readonly string[]][] = [
  [
    "no key: closed, whatever is named",
    { ...FULL, admin: { sshKeys: [], from: ["10.9.0.0/24"], passwordLogin: false } },
    [],
  ],
  [
    "named networks alone",
    { ...FULL, admin: { sshKeys: [ED25519], from: ["10.9.0.0/24"], passwordLogin: false } },
    ["10.9.0.0/24"],
  ],
  [
    "static: the network of the address",
    { ...FULL, admin: { sshKeys: [ED25519], from: [], passwordLogin: false } },
    ["10.20.0.0/24"],
  ],
  [
    "DHCP: the networks it stands in now",
    { ...DHCP, admin: { sshKeys: [ED25519], from: [], passwordLogin: false } },
    OWN,
  ],
];
for (const [title, settings, expected] of SSH) {
  test(`SSH, ${title}`, (t) => t.deepEqual(sshNetworks(settings, OWN), expected));
}

test("keys stand one on a line", (t) => {
  t.is(authorizedKeys([ED25519, ED25519]), `${ED25519}\n${ED25519}\n`);
  t.is(authorizedKeys([]), "");
});

test("time servers make a sources file, none make none", (t) => {
  t.is(
    chronySources(["ntp.example.com", "192.0.2.1"]),
    "server ntp.example.com iburst\nserver 192.0.2.1 iburst\n",
  );
  t.is(chronySources([]), undefined);
});

for (const [text, isGood] of [
  ["correct horse", true],
  ["short", false],
  ["aaaaaaaaaaaaaaaa", false],
  ["tab\there and more", false],
  ["pässwörter für alle", true],
] as const) {
  test(`password "${text}" is ${isGood ? "" : "not "}taken`, (t) => t.is(passwordText(text).ok, isGood));
}

testWith(["perl"])("the hash is the system's own, salted each time, and verifies", async (t) => {
  const password = "correct horse; $(battery) 'äß\"";

  const [one, other] = await Promise.all([1, 2].map(() => hashPassword(realSystem(), password)));

  t.regex(one ?? "", /^\$y\$j9T\$[./0-9A-Za-z]{24}\$/);
  t.not(one, other);
  const verify = "my ($hash, $password) = @ARGV; print crypt($password, $hash) eq $hash ? 'yes' : 'no'";
  t.is(execFileSync("perl", ["-e", verify, one ?? "", password], { encoding: "utf8" }), "yes");
});
