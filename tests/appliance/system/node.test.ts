import test from "ava";
import { PosternError } from "../../../appliance/error.ts";
import { realSystem } from "../../../appliance/system/node.ts";

const { run } = realSystem("/nowhere");

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

test.serial("a command that is not there is a fault, and nothing keeps the process afterwards", async (t) => {
  const before = timers();
  const error = await t.throwsAsync(run("postern-has-no-such-command", []), { instanceOf: PosternError });

  t.is(error?.code, "host.command");
  t.true(timers() <= before, "no timer is left that would keep posternctl from ending");
});

test.serial("a command that does not end in time is killed", async (t) => {
  const error = await t.throwsAsync(run("sleep", ["60"], { timeout: 100 }), { instanceOf: PosternError });

  t.regex(error?.message ?? "", /^sleep 60: ended by SIGKILL \(limit 100 ms\)/);
});

test.serial("exit code, output and input", async (t) => {
  t.deepEqual(await run("sh", ["-c", "cat; echo oops >&2; exit 3"], { input: "in" }), {
    code: 3,
    stdout: "in",
    stderr: "oops\n",
  });
});
