import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import test from "ava";
import { run } from "../../builder/host/run.ts";
import { awaitCaller } from "../boot/kit/listen.ts";
import { qmpOver } from "../boot/kit/qmp.ts";
import { scratch } from "./scratch.ts";

test("a real QEMU: answers, refusals, events and its end", async (t) => {
  const there = await run("qemu-system-x86_64", ["--version"]).then(
    () => true,
    () => false,
  );
  if (!there) {
    t.log("skipped: qemu-system-x86_64 is not on this host");
    t.pass();
    return;
  }
  const path = join(await scratch(t), "q");
  const waiting = await awaitCaller(path);
  const args = ["-nodefaults", "-display", "none", "-machine", "none", "-S"];
  const chardev = ["-chardev", `socket,id=q,path=${path}`, "-mon", "chardev=q,mode=control"];
  const child = spawn("qemu-system-x86_64", [...args, ...chardev], { stdio: "ignore" });
  const ended = once(child, "close");
  const qmp = await qmpOver(await waiting.socket);
  waiting.close();
  const status = await qmp.execute("query-status");
  t.like(status, { running: false });
  await t.throwsAsync(qmp.execute("no-such-command"), { message: /no-such-command/ });
  const shutdown = qmp.event("SHUTDOWN");
  await qmp.execute("quit");
  await shutdown;
  await ended;
  await t.throwsAsync(qmp.execute("query-status"), { message: /closed/ });
});
