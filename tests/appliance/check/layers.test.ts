import test, { type ExecutionContext } from "ava";
import { isCutOff } from "../../../appliance/check/all.ts";
import type { CheckContext } from "../../../appliance/check/check.ts";
import { addressCheck } from "../../../appliance/check/layers/address.ts";
import { duplicateCheck } from "../../../appliance/check/layers/duplicate.ts";
import { gateway6Check, gatewayCheck } from "../../../appliance/check/layers/gateway.ts";
import { linkCheck } from "../../../appliance/check/layers/link.ts";
import { probeLayers } from "../../../appliance/check/layers/probe.ts";
import { tlsCheck } from "../../../appliance/check/layers/tls.ts";
import { PosternError } from "../../../appliance/error.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { type FakeCard, lay, type Machine, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST } from "../settings/fixtures.ts";

const MAC = "52:54:00:12:34:56";
const OTHER = "52:54:00:00:00:07";
const CARD: FakeCard = { name: "eth0", mac: MAC, hasLink: true, address: "10.0.2.15/24" };
const STATIC = `${SMALLEST}network: { mode: static, address: 10.0.2.15/24, gateway: 10.0.2.2, dns: [10.0.2.3] }\n`;
const NAMED = (mac: string) => `${SMALLEST}network: { mac: "${mac}" }\n`;
const TWO = `${SMALLEST}network: { mac: "${MAC}", additional: [{ mac: "${OTHER}", address: 172.20.0.5/24 }] }\n`;

interface Made extends CheckContext {
  system: Machine;
}

function make(t: ExecutionContext, cards: readonly FakeCard[] = [CARD], text = SMALLEST): Made {
  return {
    system: makeMachine(tempFolder(t), cards),
    settings: parseSettings(text, "settings.yaml"),
    patience: 0,
  };
}

type Row = [title: string, cards: FakeCard[], text: string, state: string, detail: string];

const LINKS: Row[] = [
  ["one card with a link", [CARD], SMALLEST, "ok", "eth0 up"],
  ["no card", [], SMALLEST, "fail", "there is no network card"],
  ["no cable", [{ name: "eth0", mac: MAC }], SMALLEST, "fail", "eth0 has no link"],
  [
    "another card than the one named",
    [CARD],
    NAMED(OTHER),
    "fail",
    `no card has the MAC address ${OTHER}; eth0 is ${MAC}`,
  ],
  [
    "the second card without a cable",
    [CARD, { name: "eth1", mac: OTHER }],
    TWO,
    "warn",
    "eth0 up, eth1 has no link",
  ],
  ["the second card gone", [CARD], TWO, "warn", `no card has the MAC address ${OTHER}; eth0 is ${MAC}`],
];
for (const [title, cards, text, state, detail] of LINKS) {
  test(`link: ${title}`, async (t) => {
    const seen = await linkCheck(make(t, cards, text));

    t.like(seen, { id: "link", state, detail });
    t.is(seen.next === undefined, state === "ok");
  });
}

const SECOND: FakeCard = { name: "eth1", mac: OTHER, hasLink: true };
const ADDRESSES: Row[] = [
  ["from DHCP", [CARD], SMALLEST, "ok", "10.0.2.15/24 on eth0"],
  ["no DHCP", [{ name: "eth0", mac: MAC, hasLink: true }], SMALLEST, "fail", "no answer from DHCP on eth0"],
  ["static", [CARD], STATIC, "ok", "10.0.2.15/24 on eth0"],
  [
    "static, and another one is there",
    [{ ...CARD, address: "10.0.2.99/24" }],
    STATIC,
    "fail",
    "10.0.2.15/24 is not on eth0 yet",
  ],
  [
    "the second card has its own",
    [CARD, { ...SECOND, address: "172.20.0.5/24" }],
    TWO,
    "ok",
    "10.0.2.15/24 on eth0, 172.20.0.5/24 on eth1",
  ],
  ["the second card has none", [CARD, SECOND], TWO, "warn", "172.20.0.5/24 is not on eth1 yet"],
];
for (const [title, cards, text, state, detail] of ADDRESSES) {
  test(`address: ${title}`, async (t) => {
    t.like(await addressCheck(make(t, cards, text)), { id: "address", state, detail });
  });
}

test("an address on a VLAN belongs to the card below it", async (t) => {
  const context = make(t, [{ name: "eth0", mac: MAC, hasLink: true }], STATIC);
  const on = { address: "10.0.2.15", netmask: "255.255.255.0", family: "IPv4" as const, internal: false };
  context.system.interfaces = () => ({ "postern.20": [{ ...on, mac: MAC, cidr: "10.0.2.15/24" }] });

  t.like(await addressCheck(context), { state: "ok", detail: "10.0.2.15/24 on postern.20" });
});

test("an address that another machine has is named with its MAC", async (t) => {
  const context = make(t, [CARD], STATIC);
  context.system.answers.set("arping", {
    code: 1,
    stdout: `Unicast reply from 10.0.2.15 [${OTHER.toUpperCase()}]  0.7ms\n`,
  });

  t.like(await duplicateCheck(context), {
    id: "duplicate",
    state: "fail",
    detail: `10.0.2.15 on eth0 is in use by ${OTHER}`,
  });
  t.deepEqual(
    context.system.ran.filter((line) => line.startsWith("arping")),
    ["arping -D -c 2 -w 3 -I eth0 10.0.2.15"],
  );
});

test("another card of this machine in the same network is nobody else", async (t) => {
  const context = make(t, [CARD, { name: "eth1", mac: OTHER, hasLink: true }], STATIC);
  context.system.answers.set("arping", {
    code: 1,
    stdout: `Unicast reply from 10.0.2.15 [${OTHER}]  0.7ms\n`,
  });

  t.like(await duplicateCheck(context), { state: "ok" });
});

test("nobody is asked about an address of DHCP, and a machine without arping skips it", async (t) => {
  const context = make(t, [CARD], STATIC);
  context.system.run = async () => {
    throw new PosternError({ code: "host.command", message: "arping: cannot be started", hint: "" });
  };

  t.is(await duplicateCheck(make(t)), undefined);
  t.like(await duplicateCheck(context), { state: "skip" });
});

const ROUTE = "Iface\tDestination\tGateway\nlo\t00000000\t0100007F\t0003\t0\t0\t100\t00000000\t0\t0\t0\n";
const GATEWAYS: [string, string, string, string, string][] = [
  ["no route", "", SMALLEST, "", "there is no default route"],
  ["no route to the one that is set", "", STATIC, "", "there is no default route to 10.0.2.2"],
  ["another route", ROUTE, STATIC, "", "the default route leads to 127.0.0.1; the settings say 10.0.2.2"],
  ["silence", ROUTE, SMALLEST, "", "127.0.0.1 does not answer"],
  ["an answer", ROUTE, SMALLEST, "127.0.0.1 0x1 0x2 52:55:0a:00:02:02 * eth0\n", "127.0.0.1 answers"],
];
for (const [title, route, text, arp, detail] of GATEWAYS) {
  test(`gateway: ${title}`, async (t) => {
    const context = make(t, [CARD], text);
    lay(context.system.paths.root, "/proc/net/route", route);
    lay(context.system.paths.root, "/proc/net/arp", arp);

    t.like(await gatewayCheck(context), { id: "gateway", state: arp === "" ? "fail" : "ok", detail });
  });
}

const STATIC_6 = `${STATIC.slice(0, -3)}, ipv6: { mode: static, address: "fd00::5/64", gateway: "fd00::1" } }\n`;
test("a router of IPv6 that the settings name is asked too, and warns", async (t) => {
  const silent = make(t, [CARD], STATIC_6);
  const answering = make(t, [CARD], STATIC_6);
  answering.system.answers.set("ip -6 neigh", {
    stdout: "fd00::1 dev eth0 lladdr 52:54:00:00:00:01 REACHABLE\n",
  });

  t.like(await gateway6Check(silent), { id: "gateway6", state: "warn", detail: "fd00::1 does not answer" });
  t.like(await gateway6Check(answering), { state: "ok", detail: "fd00::1 answers" });
  t.is(await gateway6Check(make(t)), undefined);
});

test("what stands behind a failed layer is skipped and says what comes first; what does not is looked at", async (t) => {
  const context = make(t, [{ name: "eth0", mac: MAC }], STATIC);
  const told: string[] = [];

  const results = await probeLayers(context, ({ id, state }) => told.push(`${id} ${state}`));

  t.deepEqual(told, [
    "link fail",
    "address skip",
    "duplicate skip",
    "gateway skip",
    "dns skip",
    "clock warn",
    "firewall ok",
    "proxy fail",
    "tls skip",
  ]);
  t.is(results.find(({ id }) => id === "dns")?.detail, "not looked at: Gateway comes first");
  t.true(isCutOff(results));
});

test("a look that cannot be made is told as a failure, with the next step", async (t) => {
  const context = make(t);
  const { run } = context.system;
  context.system.run = async (command, args, options) => {
    if (command !== "ufw") return run(command, args, options);
    throw new PosternError({
      code: "host.command",
      message: "ufw status: cannot be started",
      hint: "Mend it.",
    });
  };

  const results = await probeLayers(context, () => {});

  t.like(
    results.find(({ id }) => id === "firewall"),
    { state: "fail", detail: "cannot be looked at: ufw status: cannot be started", next: "Mend it." },
  );
});

for (const [id, state, expected] of [
  ["link", "fail", true],
  ["address", "fail", true],
  ["duplicate", "fail", true],
  ["gateway", "fail", true],
  ["gateway", "skip", false],
  ["link", "warn", false],
  ["dns", "fail", false],
  ["tls", "fail", false],
] as const) {
  test(`${id} ${state} ${expected ? "cuts off" : "does not cut off"}`, (t) =>
    t.is(isCutOff([{ id, title: id, state, detail: "" }]), expected));
}

test("nothing is tried of Defender before there are settings", async (t) => {
  t.like(await tlsCheck({ ...make(t), settings: undefined }), { state: "skip" });
});
