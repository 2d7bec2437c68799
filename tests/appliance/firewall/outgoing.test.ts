import test from "ava";
import fc from "fast-check";
import { afterRules } from "../../../appliance/firewall/after.ts";
import { METADATA } from "../../../appliance/firewall/metadata.ts";
import { type Outgoing, outgoing, outgoingAtFirst } from "../../../appliance/firewall/outgoing.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { ACCOUNTS } from "../../../appliance/system/accounts.ts";
import { anySettings, SMALLEST } from "../settings/fixtures.ts";

function linesOf(more: string, family: 4 | 6 = 4, isMirrored = true): string[] {
  const rules = outgoing({ settings: parseSettings(SMALLEST + more, "settings.yaml"), isMirrored });
  return afterRules(rules, family, ACCOUNTS)
    .split("\n")
    .filter((line) => line.startsWith("-A ufw") && line.includes("-after-output"));
}

function of(user: string, lines: readonly string[]): string[] {
  return lines
    .filter((line) => line.includes(`--uid-owner ${user} `) && line.endsWith("-j ACCEPT"))
    .map((line) =>
      line
        .replace(/^.*--uid-owner \S+ /, "")
        .replace(/(?:-m multiport )? ?-m comment.*$/, "")
        .trim(),
    );
}

const ANYWHERE = "-p tcp -m multiport --dports 80,443";

const WAYS: [title: string, settings: string, user: string, ways: string[]][] = [
  ["DNS by a lease: any server", "", "systemd-resolve", ["-p udp --dport 53", "-p tcp --dport 53"]],
  [
    "DNS servers of the settings alone",
    "network: { dns: [192.0.2.53] }\n",
    "systemd-resolve",
    ["-d 192.0.2.53/32 -p udp --dport 53", "-d 192.0.2.53/32 -p tcp --dport 53"],
  ],
  [
    "time servers by address",
    "time: { servers: [192.0.2.1] }\n",
    "_chrony",
    ["-d 192.0.2.1/32 -p udp --dport 123"],
  ],
  [
    "a time server by name: any",
    "time: { servers: [192.0.2.1, a.example] }\n",
    "_chrony",
    ["-p udp --dport 123"],
  ],
  ["the archive", "", "_apt", [ANYWHERE]],
  ["the proxy", "", "proxy", [ANYWHERE]],
  [
    "a port of an extra destination",
    "defender: { extra: [{ host: a.example.com, ports: [8443] }] }\n",
    "proxy",
    ["-p tcp -m multiport --dports 80,443,8443"],
  ],
  [
    "the upstream proxy by address",
    "proxy: { upstream: { host: 10.7.7.7, port: 8080 } }\n",
    "proxy",
    ["-d 10.7.7.7/32 -p tcp --dport 8080"],
  ],
  [
    "updates by the upstream proxy",
    "proxy: { upstream: { host: proxy.example, port: 8080 } }\n",
    "_apt",
    ["-p tcp --dport 8080"],
  ],
  [
    "a mirror, also behind an upstream proxy",
    'proxy: { upstream: { host: a.example, port: 8080 } }\nupdates: { mirror: "https://[2001:db8::1]:8443/d" }\n',
    "_apt",
    [],
  ],
  [
    "a mirror by name that sends on to https",
    'updates: { mirror: "http://mirror.example/debian" }\n',
    "_apt",
    [ANYWHERE],
  ],
];
for (const [title, settings, user, ways] of WAYS) {
  test(title, (t) => {
    t.deepEqual(of(user, linesOf(settings)), ways);
  });
}

test("a mirror that this machine cannot use opens nothing", (t) => {
  t.deepEqual(of("_apt", linesOf('updates: { mirror: "http://192.0.2.8:8080/debian" }\n', 4, false)), [
    ANYWHERE,
  ]);
});

test("without IPv6 nothing goes out by it", (t) => {
  t.deepEqual(linesOf("", 6), ["-A ufw6-after-output -j postern-refuse"]);
});

test("before there are settings the proxy reaches nothing", (t) => {
  t.false(outgoingAtFirst().some(({ who }) => who === "proxy"));
});

test("the rules of an account that is missing are left out, and the rest is refused as ever", (t) => {
  const text = afterRules(outgoingAtFirst(), 4, { root: "0" });

  t.false(text.includes("systemd-resolve"));
  t.regex(
    text,
    /\n-A ufw-after-output -j postern-refuse\n-A postern-refuse .* -j LOG .*\n-A postern-refuse -j REJECT/,
  );
});

/** Accounts that may have to find clouds' own addresses: for names, the time, a lease and a start on Azure. */
const EARLY = ["network", "resolver", "clock", "root"];

test("whatever the settings say, metadata is closed before anybody else's rule", (t) => {
  fc.assert(
    fc.property(anySettings, fc.boolean(), (settings, isMirrored) => {
      const rules = outgoing({ settings, isMirrored });
      const isSix = settings.network.ipv6.mode !== "off";
      const closed = METADATA.filter((to) => isSix || !to.includes(":"));
      const places = closed.map((to) => rules.findIndex((rule) => rule.who === undefined && rule.to === to));
      const others = rules.flatMap((rule, index) => (isEarly(rule) ? [] : [index]));
      return places.every((place) => place >= 0 && others.every((other) => place < other));
    }),
    { numRuns: 200 },
  );
  t.pass();
});

function isEarly({ who, verdict }: Outgoing): boolean {
  return verdict === "refuse" ? who === undefined : who !== undefined && EARLY.includes(who);
}

test("whatever the settings say, nothing is let out for everybody, and each port has an account", (t) => {
  fc.assert(
    fc.property(anySettings, fc.boolean(), (settings, isMirrored) =>
      outgoing({ settings, isMirrored })
        .filter(({ verdict }) => verdict === "accept")
        .every(
          ({ who, protocol, ports }) =>
            who !== undefined && (protocol === "ping" || (ports ?? []).length > 0),
        ),
    ),
    { numRuns: 200 },
  );
  t.pass();
});

test("the proxy never gets out by UDP, and behind another proxy to no port of the internet but that one's", (t) => {
  fc.assert(
    fc.property(anySettings, (settings) => {
      const { upstream, privateDestinations } = settings.proxy;
      const own = outgoing({ settings, isMirrored: true }).filter(
        ({ who, verdict }) => who === "proxy" && verdict === "accept",
      );
      const outside = own.filter(({ to = "" }) => !privateDestinations.includes(to));
      return (
        own.every(({ protocol }) => protocol === "tcp") &&
        (upstream === undefined ||
          outside.every(({ ports }) => ports?.length === 1 && ports[0] === upstream.port))
      );
    }),
    { numRuns: 200 },
  );
  t.pass();
});
