import { createServer, type Server } from "node:net";
import test, { type ExecutionContext } from "ava";
import { clockCheck, configuredCheck, firewallCheck } from "../../../appliance/check/machine.ts";
import { addressCheck, checkNetwork } from "../../../appliance/check/network.ts";
import { askTunnel, proxyCheck } from "../../../appliance/check/proxy.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { type FakeCard, lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST } from "../settings/fixtures.ts";

const SETTINGS = parseSettings(SMALLEST, "settings.yaml");

function context(t: ExecutionContext, cards?: readonly FakeCard[]) {
  return { system: makeMachine(tempFolder(t), cards), settings: SETTINGS, patience: 0 };
}

test("an address on a card is named with the card", async (t) => {
  t.like(await addressCheck(context(t)), { state: "ok", detail: "10.0.2.15/24 on eth0" });
});

test("without a link, the cable is the matter; with one, DHCP is", async (t) => {
  const unplugged = await addressCheck(context(t, [{ name: "eth0", mac: "52:54:00:00:00:01" }]));
  const unanswered = await addressCheck(
    context(t, [{ name: "eth0", mac: "52:54:00:00:00:01", hasLink: true }]),
  );

  t.like(unplugged, { state: "fail", detail: "no card has a link" });
  t.like(unanswered, { state: "fail", detail: "no answer from DHCP" });
});

test("a network that fails near the machine is not looked at further out", async (t) => {
  const results = await checkNetwork(context(t));

  t.deepEqual(
    results.map(({ id, state }) => `${id} ${state}`),
    ["address ok", "gateway fail"],
  );
});

test("an open firewall fails", async (t) => {
  const one = context(t);
  t.is((await firewallCheck(one)).state, "ok");

  one.system.answers.set("ufw status", { stdout: "Status: inactive\n" });

  t.is((await firewallCheck(one)).state, "fail");
});

const CLOCKS: [string, number, string, "ok" | "warn"][] = [
  ["synchronised", 0, "A9FEA97B,169.254.169.123,3,1.5,-0.000123456,0,0,0,0,0,0,0,0,Normal\n", "ok"],
  ["not synchronised", 0, "00000000,,0,0.0,0.000000000,0,0,0,0,0,0,0,0,Not synchronised\n", "warn"],
  ["no chrony", 1, "506 Cannot talk to daemon\n", "warn"],
];
for (const [title, code, stdout, state] of CLOCKS) {
  test(`clock: ${title}`, async (t) => {
    const one = context(t);
    one.system.answers.set("chronyc", { code, stdout });

    t.is((await clockCheck(one)).state, state);
  });
}

test("an unconfigured machine fails the look at its settings, and its closed proxy is right", async (t) => {
  const one = { ...context(t), settings: undefined };

  t.is((await configuredCheck(one)).state, "fail");
  t.like(await proxyCheck(one), { state: "ok", detail: "closed until this machine is configured" });
});

test("a proxy that listens although nothing is configured fails", async (t) => {
  const one = { ...context(t), settings: undefined };
  lay(one.system.paths.root, "/proc/net/tcp", "head\n   0: 00000000:0C38 00000000:0000 0A\n");

  t.is((await proxyCheck(one)).state, "fail");
});

test("a proxy that does not listen fails, with the state of its unit", async (t) => {
  const one = context(t);
  one.system.answers.set("systemctl is-active", { code: 3, stdout: "failed\n" });

  t.like(await proxyCheck(one), { state: "fail", detail: "Squid is failed and does not listen" });
});

const ANSWERS: [string, number][] = [
  ["HTTP/1.1 403 Forbidden\r\n\r\n", 403],
  ["HTTP/1.1 200 Connection established\r\n\r\n", 200],
  ["nonsense\r\n", 0],
  ["", 0],
];
for (const [said, status] of ANSWERS) {
  test(`a proxy that says "${said.slice(0, 12)}" is understood as ${status}`, async (t) => {
    const server = createServer((socket) => socket.end(said));
    const port = await listen(server);
    t.teardown(() => server.close());

    t.is(await askTunnel("postern.invalid", port), status);
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}
