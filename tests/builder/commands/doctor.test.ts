import { symlink } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { findProbe } from "../../../builder/host/packages.ts";
import { scratch } from "../../kit/scratch.ts";
import { runCli } from "../kit/cli.ts";

test("doctor on a bare host: every lack with the command that mends it, exit 3", async (t) => {
  const cwd = await scratch(t);
  const bin = await scratch(t);
  for (const tool of ["mke2fs", "setpriv"]) await symlink((await findProbe(tool)) ?? "", join(bin, tool));
  const env = { PATH: bin, HOME: cwd };
  const { code, stdout } = await runCli(["doctor"], { cli: "fixture", cwd, env });
  t.is(code, 3);
  t.regex(stdout, /^ok +mke2fs .* 1\.\d+\.\d+ \(at least 1\.46\)$/m);
  t.regex(stdout, /^LACK +packer .*\n +mend: .*apt-get install --no-install-recommends packer$/m);
  t.regex(stdout, /^LACK +ufw /m);
  t.regex(stdout, /^ok +memory +.* free/m);
  t.regex(stdout, /accelerator of the build VM/);
  t.regex(stdout, /\d+ lacks: see mend above\n$/);
  const json = await runCli(["doctor", "--json"], { cli: "fixture", cwd, env });
  const facts: { what: string; ok: boolean; mend?: string; for?: string }[] = JSON.parse(json.stdout);
  for (const fact of facts.filter(({ ok }) => !ok)) t.truthy(fact.mend, fact.what);
  t.like(
    facts.find(({ what }) => what.startsWith("ufw ")),
    { ok: false, for: "test" },
  );
});
