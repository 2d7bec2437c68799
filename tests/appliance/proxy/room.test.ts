import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { ExecutionContext } from "ava";
import { roomLine } from "../../../appliance/proxy/room.ts";
import { ROOM } from "../kit/pages.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";

/** The program as Squid starts it, with a limit of its own; it looks at this process, its parent. */
function startRoom(t: ExecutionContext, limit: number, most = "65536"): (channel: number) => Promise<string> {
  const child = spawn("prlimit", [`--nofile=${limit}:${limit}`, "perl", ROOM, most], {
    env: TOOL_ENV,
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.teardown(() => child.kill());
  const lines = createInterface({ input: child.stdout });
  return async (channel) => {
    const line = once(lines, "line");
    child.stdin.write(`${channel} 3128 -\n`);
    return String((await line)[0]);
  };
}

testWith(["perl", "prlimit"])(
  "there is room until the descriptors before the last are used, and again after",
  async (t) => {
    const ask = startRoom(t, 600);
    t.is(await ask(0), "0 OK");
    const files = await Promise.all(Array.from({ length: 450 }, () => open("/dev/null")));
    t.is(await ask(17), "17 ERR");
    for (const file of files) await file.close();
    t.is(await ask(1023), "1023 OK");
  },
);

testWith(["perl", "prlimit"])("Squid's own setting counts where it is the lower one", async (t) => {
  const files = await Promise.all(Array.from({ length: 450 }, () => open("/dev/null")));
  t.is(await startRoom(t, 2000)(1), "1 OK");
  t.is(await startRoom(t, 2000, "600")(1), "1 ERR");
  for (const file of files) await file.close();
});

testWith(["perl"])("what is no question gets no answer", async (t) => {
  const child = spawn("perl", [ROOM, "65536"], { env: TOOL_ENV, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end("\nwhat?\n5 x\n");
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) said.push(line);
  t.deepEqual(said, ["5 OK"]);
  t.is(roomLine("/p", 9).split(" /p ")[1], "9");
});
