import test from "ava";
import { denialOf } from "../../../appliance/check/denials.ts";
import { hasFailed, repliesOf } from "../../../appliance/check/layers/duplicate.ts";
import { offsetOf } from "../../../appliance/check/layers/time.ts";
import {
  gatewayOf,
  isKnownNeighbour,
  isKnownNeighbour6,
  nameserversOf,
} from "../../../appliance/check/network.ts";
import { hasListener } from "../../../appliance/check/proxy.ts";

const ROUTE_HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
const ROUTES: [string, string, string | undefined][] = [
  ["a default route", "eth0\t00000000\t0202000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n", "10.0.2.2"],
  ["only the own network", "eth0\t0002000A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", undefined],
  [
    "half of the internet is no default route",
    "eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n",
    undefined,
  ],
  [
    "a default route without a gateway",
    "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000000\t0\t0\t0\n",
    undefined,
  ],
  ["nothing", "", undefined],
];
for (const [title, table, gateway] of ROUTES) {
  test(`gateway: ${title}`, (t) => t.is(gatewayOf(ROUTE_HEAD + table), gateway));
}

const ARP = `IP address       HW type     Flags       HW address            Mask     Device
10.0.2.2         0x1         0x2         52:55:0a:00:02:02     *        eth0
10.0.2.3         0x1         0x0         00:00:00:00:00:00     *        eth0
`;
for (const [address, expected] of [
  ["10.0.2.2", true],
  ["10.0.2.3", false],
  ["10.0.2.22", false],
] as const) {
  test(`neighbour ${address} is ${expected ? "" : "not "}there`, (t) =>
    t.is(isKnownNeighbour(ARP, address), expected));
}

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:0C38 00000000:0000 0A 00000000:00000000 00:00000000 00000000    13
   1: 0100007F:1F90 0100007F:0050 01 00000000:00000000 00:00000000 00000000     0
`;
for (const [port, expected] of [
  [3128, true],
  [8080, false],
  [80, false],
  [3129, false],
] as const) {
  test(`port ${port} is ${expected ? "" : "not "}listened on`, (t) => t.is(hasListener(TCP, port), expected));
}

const LINE = {
  time: 1795470682.643,
  client: "10.20.4.7",
  method: "CONNECT",
  url: "www.example.com:443",
  status: 403,
  result: "TCP_DENIED",
  rule: "name",
};
test("a refused request is a denial, with its time in milliseconds", (t) => {
  t.deepEqual(denialOf(JSON.stringify(LINE)), {
    time: 1795470682643,
    client: "10.20.4.7",
    target: "www.example.com:443",
    rule: "name",
  });
});

test("what a client sent cannot speak to the terminal", (t) => {
  t.is(denialOf(JSON.stringify({ ...LINE, url: "\u001b[2Jevil\u0007ä" }))?.target, "?[2Jevil??");
});

for (const line of [
  "",
  "{",
  "null",
  "[]",
  '{"time":1}',
  JSON.stringify({ ...LINE, result: "TCP_TUNNEL" }),
  JSON.stringify({ ...LINE, time: "x" }),
]) {
  test(`no denial: ${line.slice(0, 40)}`, (t) => t.is(denialOf(line), undefined));
}

const NEIGHBOURS_6: [string, boolean][] = [
  ["fe80::1 dev eth0 lladdr 52:54:00:00:00:01 router REACHABLE\n", true],
  ["fe80::1 dev eth0 lladdr 52:54:00:00:00:01 DELAY\n", true],
  ["fe80::1 dev eth0  FAILED\n", false],
  ["fe80::1 dev eth0 lladdr 52:54:00:00:00:01 FAILED\n", false],
  ["fe80::1 dev eth0  INCOMPLETE\n", false],
  ["", false],
];
for (const [line, expected] of NEIGHBOURS_6) {
  test(`IPv6 neighbour: ${line.trim() || "nothing"}`, (t) => t.is(isKnownNeighbour6(line), expected));
}

test("DNS servers come from resolv.conf in order, each once", (t) => {
  const text =
    "# nameserver 9.9.9.9\nnameserver 10.1.1.5\n  nameserver fd00::5\nnameserver 10.1.1.5\nsearch a.example\n";

  t.deepEqual(nameserversOf(text), ["10.1.1.5", "fd00::5"]);
});

const ARPING = `ARPING 10.0.0.5 from 0.0.0.0 eth0
Unicast reply from 10.0.0.5 [52:54:00:AA:00:07]  0.736ms
Broadcast request from 10.0.0.5 [52:54:00:aa:00:08] for 10.0.0.9 UNSOLICITED?
Sent 1 probes (1 broadcast(s))
Received 2 response(s)
`;
test("who answers for an address is named by its MAC", (t) => {
  t.deepEqual(repliesOf(ARPING), ["52:54:00:aa:00:07", "52:54:00:aa:00:08"]);
  t.deepEqual(repliesOf("ARPING 10.0.0.5 from 0.0.0.0 eth0\nSent 2 probes\nReceived 0 response(s)\n"), []);
});

const IF_INET6 = `fe80000000000000505400fffe123456 02 40 20 80     eth0
fd000000000000000000000000000005 02 40 00 c8     eth0
fd000000000000000000000000000006 02 40 00 80     eth0
`;
for (const [address, expected] of [
  ["fd00::5", true],
  ["fd00::6", false],
  ["fd00::7", false],
  ["fd00:0:0:0:0:0:0:5", true],
] as const) {
  test(`${address} was ${expected ? "" : "not "}refused by the network`, (t) =>
    t.is(hasFailed(IF_INET6, address), expected));
}

const TRACKING: [string, number | undefined][] = [
  ["A9FEA97B,169.254.169.123,3,1.5,-0.000125,0,0,0,0,0,0,0,0,Normal\n", 0.125],
  ["A9FEA97B,169.254.169.123,3,1.5,12.5,0,0,0,0,0,0,0,0,Normal\n", 12500],
  ["00000000,,0,0.0,0.000000000,0,0,0,0,0,0,0,0,Not synchronised\n", undefined],
  ["", undefined],
];
for (const [line, expected] of TRACKING) {
  test(`chrony's offset: ${line.slice(0, 40)}`, (t) => t.is(offsetOf(line), expected));
}
