import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";

const runFile = promisify(execFile);

testWith(["arping", "unshare", "nsenter", "ip"], { root: true })(
  "on a real wire, who has the address and whether the gateway answers",
  async (t) => {
    const world = join(import.meta.dirname, "wireworld.ts");
    const options = { env: TOOL_ENV, timeout: 90_000 };
    const { stdout } = await runFile("unshare", ["-n", process.execPath, world, tempFolder(t)], options);
    const results = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");

    t.like(results.free, { state: "ok", detail: "nobody else answers for it" });
    t.like(results.taken, { state: "fail", detail: "10.0.2.16 on eth0 is in use by 52:54:00:00:00:02" });
    t.like(results.gateway, { state: "ok", detail: "10.0.2.2 answers" });
    t.like(results["no gateway"], { state: "fail", detail: "10.0.2.99 does not answer" });
    t.like(results.gateway6, { state: "ok", detail: "fd00::1 answers" });
    t.like(results["no gateway6"], { state: "warn", detail: "fd00::9 does not answer" });
  },
);
