import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { attackAppliance } from "../../../builder/attack/remote.ts";
import { scratch } from "../../kit/scratch.ts";
import { runCli, startCli } from "../kit/cli.ts";

const ALLOWED = "edr.eu.endpoint.security.microsoft.com";
const NO = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const YES = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/** A proxy that decides by the first bytes it gets; it hangs up where nothing is said. */
async function fakeProxy(t: ExecutionContext, allows: (text: string) => boolean): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => {});
    // As a real one does, only sooner.
    const patience = setTimeout(() => socket.destroy(), 5000);
    socket.on("close", () => clearTimeout(patience));
    socket.once("data", (bytes) => {
      const text = bytes.toString("latin1");
      if (!text.includes("\r\n\r\n") && text.length < 1000) return;
      if (allows(text)) socket.write(YES);
      else socket.end(NO);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const isAllowed = (text: string): boolean =>
  new RegExp(`^CONNECT ${ALLOWED.replaceAll(".", "\\.")}\\.?:443 HTTP/1\\.[01]\r\n`, "i").test(text) &&
  text.startsWith("CONNECT") &&
  text.length < 1000;

const appliance = (port: number) => ({
  host: "127.0.0.1",
  port,
  allowed: ALLOWED,
  helloCheck: false,
  pause: 0,
  quiet: 60,
});

test("a proxy that refuses all but the one name holds; one that knows the name anywhere in a line does not", async (t) => {
  t.timeout(300_000);
  const { signal } = new AbortController();
  const [strict, loose] = await Promise.all([
    attackAppliance(appliance(await fakeProxy(t, isAllowed)), signal),
    attackAppliance(appliance(await fakeProxy(t, (text) => text.toLowerCase().includes(ALLOWED))), signal),
  ]);

  t.deepEqual(
    strict.rows.filter(({ verdict }) => verdict === "hole").map(({ id, came }) => `${id}: ${came}`),
    [],
  );
  t.true(strict.counts.held > 150);
  const open = loose.rows.filter(({ verdict }) => verdict === "hole").map(({ id }) => id);
  for (const id of ["name-alike-below", "name-userinfo", "port-ssh", "method-TRACE"])
    t.true(open.includes(id), id);
  t.false(open.includes("name-other"));
  t.true(strict.rows.some(({ verdict, came }) => verdict === "not run" && came.includes("DNS server")));
});

test("a proxy that does not let the allowed name through is not judged at all", async (t) => {
  const port = await fakeProxy(t, () => false);
  const error = await t.throwsAsync(attackAppliance(appliance(port), new AbortController().signal));
  t.like(error, { code: "network.attack" });
});

test("nobody there is no proof of anything", async (t) => {
  const error = await t.throwsAsync(attackAppliance(appliance(1), new AbortController().signal));
  t.like(error, { code: "network.attack" });
});

test("the command reports a hole, writes the report, and ends with 5", async (t) => {
  t.timeout(300_000);
  const cwd = await scratch(t);
  const port = await fakeProxy(t, (text) => text.toLowerCase().includes(ALLOWED));
  const args = ["attack", "127.0.0.1", "--allowed", ALLOWED, `--port=${port}`, "--report", "attack.json"];
  const { code, stdout, stderr } = await runCli(args, { cli: "real", cwd });
  t.is(code, 5, stderr);
  t.regex(stdout, /^HOLE port-ssh: /m);
  t.regex(stdout, /^\s+sent\s+CONNECT /m);
  t.notRegex(stdout, /[^\n\x20-\x7e]/);
  const report = JSON.parse(await readFile(join(cwd, "attack.json"), "utf8"));
  t.true(report.counts.hole > 0);
});

test("Ctrl-C ends it with 130", async (t) => {
  const cwd = await scratch(t);
  const port = await fakeProxy(t, isAllowed);
  const args = ["attack", "127.0.0.1", "--allowed", ALLOWED, `--port=${port}`];
  const { child, ended } = startCli(args, { cli: "real", cwd });
  await once(child.stderr ?? child, "data");
  child.kill("SIGINT");
  t.is((await ended).code, 130);
});

for (const args of [
  [],
  ["127.0.0.1"],
  ["10.0.0.0/24", "--allowed", "a.b"],
  ["10.0.0.1-9", "--allowed", "a.b"],
]) {
  test(`nothing is attacked without one host and a name: ${args.join(" ")}`, async (t) => {
    const { code, stderr } = await runCli(["attack", ...args], { cli: "real", cwd: await scratch(t) });
    t.is(code, 2);
    t.regex(stderr, /input\.flags/);
  });
}
