import test from "ava";
import { PROJECT, runCli } from "../kit/cli.ts";

for (const shard of ["5/4", "0/4", "1", "one/two", ""]) {
  test(`test --shard=${shard} runs nothing, and says what was expected`, async (t) => {
    const { code, stderr } = await runCli(["test", `--shard=${shard}`], { cli: "real", cwd: PROJECT });
    t.is(code, 2);
    t.regex(stderr, /--shard/);
    t.regex(stderr, /^hint: /m);
  });
}
