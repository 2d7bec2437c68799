import test from "ava";
import { denialOf } from "../../../appliance/check/denials.ts";
import { gatewayOf, isKnownNeighbour } from "../../../appliance/check/network.ts";
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
