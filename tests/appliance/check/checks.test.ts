import { createServer, type Server } from "node:net";
import test, { type ExecutionContext } from "ava";
import { configuredCheck, firewallCheck } from "../../../appliance/check/machine.ts";
import { askTunnel, proxyCheck } from "../../../appliance/check/proxy.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST } from "../settings/fixtures.ts";

const SETTINGS = parseSettings(SMALLEST, "settings.yaml");

function context(t: ExecutionContext) {
  return { system: makeMachine(tempFolder(t)), settings: SETTINGS, patience: 0 };
}

test("an open firewall fails", async (t) => {
  const one = context(t);
  t.is((await firewallCheck(one)).state, "ok");

  one.system.answers.set("ip6tables -S OUTPUT", { stdout: "-P OUTPUT ACCEPT\n" });
  t.like(await firewallCheck(one), {
    state: "fail",
    detail: "active, but what goes out is not limited: ip6tables lets everything out",
  });

  one.system.answers.set("ufw status", { stdout: "Status: inactive\n" });

  t.is((await firewallCheck(one)).state, "fail");
});

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
