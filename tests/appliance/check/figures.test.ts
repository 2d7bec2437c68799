import { utimesSync, writeFileSync } from "node:fs";
import test from "ava";
import { clockOf, readClock } from "../../../appliance/check/clock.ts";
import { neighbourState, readGateway } from "../../../appliance/check/gateway.ts";
import { keepReach, readReach, refreshReach } from "../../../appliance/check/reach.ts";
import { readSockets, socketsIn } from "../../../appliance/check/sockets.ts";
import { readUpdates, refreshUpdates, updatesOf } from "../../../appliance/check/updates.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST } from "../settings/fixtures.ts";

const SETTINGS = parseSettings(SMALLEST, "settings.yaml");

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
const REST = "00000000:00000000 00:00000000 00000000    13        0 1 1 0 100 0 0 10 0\n";
const SOCKET = (local: string, remote: string, state: string) => `   0: ${local} ${remote} ${state} ${REST}`;
const OURS = "0A00020F:0C38";
const SOCKETS: [string, string, ReturnType<typeof socketsIn>][] = [
  ["nothing", HEAD, { isListening: false, open: 0 }],
  ["a listener", HEAD + SOCKET("00000000:0C38", "00000000:0000", "0A"), { isListening: true, open: 0 }],
  [
    "two clients, one that is leaving, one of another port, and the way out",
    HEAD +
      SOCKET(OURS, "0704140A:C001", "01") +
      SOCKET(OURS, "0704140A:C002", "01") +
      SOCKET(OURS, "0704140A:C003", "06") +
      SOCKET("0A00020F:0016", "0704140A:C004", "01") +
      SOCKET("0A00020F:C005", "0704140A:0C38", "01"),
    { isListening: false, open: 2 },
  ],
  ["IPv6", SOCKET(`${"0".repeat(32)}:0C38`, `${"0".repeat(32)}:0000`, "0A"), { isListening: true, open: 0 }],
];
for (const [title, table, expected] of SOCKETS) {
  test(`sockets: ${title}`, (t) => t.deepEqual(socketsIn(table, 3128), expected));
}

test("tens of thousands of tunnels are counted over both tables, block by block", async (t) => {
  const machine = makeMachine(tempFolder(t));
  const client = SOCKET(OURS, "0704140A:C001", "01");
  lay(machine.paths.root, "/proc/net/tcp", HEAD + client.repeat(20_000));
  lay(machine.paths.root, "/proc/net/tcp6", HEAD + SOCKET(`${"0".repeat(32)}:0C38`, "0:0", "0A") + client);

  t.deepEqual(await readSockets(machine), { isListening: true, open: 20_001 });
});

const CLOCKS: [string, string, ReturnType<typeof clockOf>][] = [
  [
    "synchronised",
    "A9FEA97B,169.254.169.123,3,1.5,-0.000423456,0,0,0,0,0,0,0,0,Normal\n",
    { state: "ok", milliseconds: 0.423456 },
  ],
  ["not yet", "00000000,,0,0.0,0.0,0,0,0,0,0,0,0,0,Not synchronised\n", { state: "waiting" }],
  ["nonsense", "506 Cannot talk to daemon\n", { state: "silent" }],
  ["nothing", "", { state: "silent" }],
];
for (const [title, line, expected] of CLOCKS) {
  test(`clock: ${title}`, (t) => t.deepEqual(clockOf(line), expected));
}

test("a chronyc that fails or cannot be started is a silent clock", async (t) => {
  const machine = makeMachine(tempFolder(t));
  machine.answers.set("chronyc", { code: 1 });
  t.deepEqual(await readClock(machine), { state: "silent" });

  machine.run = () => Promise.reject(new Error("no chronyc"));
  t.deepEqual(await readClock(machine), { state: "silent" });
});

const ARP = `IP address       HW type     Flags       HW address            Mask     Device
10.0.2.2         0x1         0x2         52:55:0a:00:02:02     *        eth0
10.0.2.3         0x1         0x0         00:00:00:00:00:00     *        eth0
`;
for (const [address, expected] of [
  ["10.0.2.2", "answers"],
  ["10.0.2.3", "silent"],
  ["10.0.2.4", "unknown"],
] as const) {
  test(`neighbour ${address}: ${expected}`, (t) => t.is(neighbourState(ARP, address), expected));
}

test("the gateway is the one of the default route; without one there is none", async (t) => {
  const machine = makeMachine(tempFolder(t));
  t.is(await readGateway(machine), undefined);

  lay(
    machine.paths.root,
    "/proc/net/route",
    "head\neth0\t00000000\t0202000A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n",
  );
  lay(machine.paths.root, "/proc/net/arp", ARP);

  t.deepEqual(await readGateway(machine), { address: "10.0.2.2", state: "answers" });
});

const UPGRADE = `Reading package lists...
The following packages will be upgraded:
  base-files libc6 tzdata
Inst linux-image-6.12.50 (6.12.50-1 Debian-Security:13/stable-security [amd64])
Inst libc6 [2.41-12] (2.41-12+deb13u1 Debian-Security:13/stable-security [amd64]) []
Inst openssl [3.0.13-0ubuntu3.5] (3.0.13-0ubuntu3.6 Ubuntu:24.04/noble-updates, Ubuntu:24.04/noble-security [amd64])
Inst tzdata [2025b-4] (2025b-5 Debian:13.2/stable [all])
Conf libc6 (2.41-12+deb13u1 Debian-Security:13/stable-security [amd64])
`;

test("updates: what is replaced counts, and what is for security of it", (t) => {
  t.deepEqual(updatesOf(UPGRADE), { total: 3, security: 2 });
  t.deepEqual(updatesOf("0 upgraded, 0 newly installed\n"), { total: 0, security: 0 });
});

test("updates are counted once, and again when packages or lists changed", async (t) => {
  const machine = makeMachine(tempFolder(t));
  lay(machine.paths.root, "/var/lib/dpkg/status", "");
  machine.answers.set("apt-get", { stdout: UPGRADE });
  t.is(await readUpdates(machine), undefined);

  await refreshUpdates(machine);
  await refreshUpdates(machine);
  t.deepEqual(await readUpdates(machine), { total: 3, security: 2 });
  t.is(machine.ran.length, 1);

  utimesSync(machine.paths.at("/var/lib/dpkg/status"), 1, 1);
  machine.answers.set("apt-get", { stdout: "" });
  await refreshUpdates(machine);
  t.deepEqual(await readUpdates(machine), { total: 0, security: 0 });
});

test("services are asked when the last answer is old or belongs to other settings", async (t) => {
  const machine = makeMachine(tempFolder(t));
  let asked = 0;
  let state: "ok" | "fail" = "ok";
  const testServices = async () => {
    asked++;
    return [{ id: "mde", state, detail: "answers", tested: [] }];
  };
  const now = 1_000_000_000;
  t.is(await readReach(machine, SETTINGS), undefined);

  await refreshReach(machine, SETTINGS, testServices, now);
  await refreshReach(machine, SETTINGS, testServices, now + 200_000);
  t.is(asked, 1);
  t.deepEqual(await readReach(machine, SETTINGS), {
    time: now,
    services: [{ id: "mde", state: "ok", detail: "answers" }],
  });

  await refreshReach(machine, SETTINGS, testServices, now + 300_000);
  t.is(asked, 2);

  state = "fail";
  await refreshReach(machine, SETTINGS, testServices, now + 600_000);
  await refreshReach(machine, SETTINGS, testServices, now + 650_000);
  t.is(asked, 3);
  await refreshReach(machine, SETTINGS, testServices, now + 660_000);
  t.is(asked, 4, "a service that failed is asked again soon");

  const other = { ...SETTINGS, defender: { ...SETTINGS.defender, cloud: "dod" as const } };
  t.is(await readReach(machine, other), undefined);
});

for (const text of ["", "{", "null", "[]", '{"of":1}', "7"]) {
  test(`what was kept and is spoilt is not there: ${text}`, async (t) => {
    const machine = makeMachine(tempFolder(t));
    await keepReach(machine, SETTINGS, []);
    writeFileSync(machine.paths.serviceTests, text);
    writeFileSync(machine.paths.run.concat("/updates.json"), text);

    t.is(await readReach(machine, SETTINGS), undefined);
    t.is(await readUpdates(machine), undefined);
  });
}
