import { readFileSync } from "node:fs";
import test from "ava";
import { holderOfThisProcess, isGone, lifeOf, parseHolder } from "../../../builder/host/holder.ts";
import { run } from "../../../builder/host/run.ts";

test("a holder of this process is alive, and every holding has a token of its own", async (t) => {
  const [one, two] = [holderOfThisProcess(), holderOfThisProcess()];
  t.is(one.pid, process.pid);
  t.not(one.token, two.token);
  t.is(await lifeOf(one), "alive");
  t.false(await isGone(one.token));
  t.deepEqual(parseHolder(JSON.stringify(one)), one);
});

for (const [title, change, life] of [
  ["another start of the same pid is dead", { start: "1" }, "dead"],
  ["a holder of an earlier boot is dead", { boot: "earlier" }, "dead"],
  ["a holder on another machine cannot be seen from here", { host: "elsewhere.example" }, "elsewhere"],
] as const) {
  test(title, async (t) => {
    t.is(await lifeOf({ ...holderOfThisProcess(), ...change }), life);
  });
}

test("in a pid namespace below that of /proc, the holder is the process that /proc shows", async (t) => {
  const script = `
    import { holderOfThisProcess, lifeOf } from "${new URL("../../../builder/host/holder.ts", import.meta.url)}";
    const holder = holderOfThisProcess();
    process.stdout.write(JSON.stringify([process.pid, holder.pid, await lifeOf(holder)]));`;
  const user = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const node = [process.execPath, "--input-type=module", "--eval", script];
  const { stdout } = await run("unshare", [...user, "--pid", "--fork", "--kill-child", "--", ...node]);
  const [inner, outer, life] = JSON.parse(stdout) as [number, number, string];
  t.is(inner, 1);
  t.not(outer, 1);
  t.is(life, "alive");
  t.throws(() => readFileSync(`/proc/${outer}/stat`), { code: "ENOENT" });
});
