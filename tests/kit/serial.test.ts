import { connect, type Socket } from "node:net";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { awaitCaller } from "../boot/kit/listen.ts";
import { type SerialOptions, serialOver } from "../boot/kit/serial.ts";
import { scratch } from "./scratch.ts";

/** A serial driver and the machine's end of its wire. */
async function wire(t: ExecutionContext, onFailure?: SerialOptions["onFailure"]) {
  const path = join(await scratch(t), "s");
  const waiting = await awaitCaller(path);
  const machine: Socket = connect(path);
  const serial = serialOver(await waiting.socket, { log: "the.log", ...(onFailure ? { onFailure } : {}) });
  waiting.close();
  return { machine, serial };
}

test("text that comes in pieces, with colours, is found; what was typed arrives", async (t) => {
  const { machine, serial } = await wire(t);
  const typed = new Promise<string>((resolve) => machine.once("data", (bytes) => resolve(bytes.toString())));
  machine.write("\u001b[1mlog");
  const found = serial.expect(/login: $/, { timeout: 5000 });
  machine.write("in\u001b[0m: ");
  t.is((await found).text, "login: ");
  serial.line("root");
  t.is(await typed, "root\r");
  machine.destroy();
});

test("a character of several bytes may be cut by the wire", async (t) => {
  const { machine, serial } = await wire(t);
  const bytes = Buffer.from("│ Network");
  machine.write(bytes.subarray(0, 1));
  machine.write(bytes.subarray(1));
  t.is((await serial.expect("│ Network", { timeout: 5000 })).text, "│ Network");
  machine.destroy();
});

test("an expectation that fails shows the last lines, the log and the screenshot", async (t) => {
  const { machine, serial } = await wire(t, async () => "the.png");
  machine.write("kernel panic\n");
  await serial.expect("panic");
  const error = await t.throwsAsync(serial.expect("login:", { timeout: 50, label: "the login" }));
  for (const part of ["the login: not seen after 0.05 s", "the.log", "the.png", "kernel panic"]) {
    t.true(error?.message.includes(part), `${part} in ${error?.message}`);
  }
  machine.destroy();
});

test("a machine that hangs up ends every wait at once, but what came before is still found", async (t) => {
  const { machine, serial } = await wire(t);
  const waiting = serial.expect("never");
  machine.end("last words");
  await t.throwsAsync(waiting, { message: /hung up/ });
  t.is((await serial.expect("last words")).text, "last words");
});
