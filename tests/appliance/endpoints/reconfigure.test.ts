import { execFile } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { catalogueText, laySigned, makeSigner, variant } from "../kit/catalogues.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";

const runFile = promisify(execFile);
const inNamespaces = testWith(["squid", "ssh-keygen", "unshare", "ip", "mount"], { root: true });

inNamespaces(
  "an update of the catalogue and the way back change what Squid lets through, and cut no tunnel",
  async (t) => {
    const [root, folder] = [tempFolder(t), tempFolder(t)];
    chmodSync(root, 0o755);
    const signer = makeSigner(folder, "signer");
    const file = join(folder, "catalogue.json");
    const next = variant("2099-01-01", {
      add: [{ host: "new.defender.microsoft.com" }],
      without: ["config.edge.skype.com"],
    });
    laySigned(file, catalogueText(next), signer);

    const probe = join(import.meta.dirname, "reconfigureprobe.ts");
    const command = [process.execPath, probe, root, file, signer.line];
    // Squid is in the process namespace too, so that it ends with it.
    const { stdout } = await runFile(
      "unshare",
      ["-n", "-m", "-p", "-f", "--kill-child", "--mount-proc", ...command],
      {
        env: TOOL_ENV,
        maxBuffer: 10 * 1024 * 1024,
        timeout: 100_000,
      },
    );
    const result = JSON.parse(/^RESULT (.*)$/m.exec(stdout)?.[1] ?? "{}");
    const open = {
      "go.microsoft.com": 200,
      "config.edge.skype.com": 200,
      "new.defender.microsoft.com": 403,
      "azgn12.servicebus.windows.net": 200,
      "AZGN12.servicebus.windows.net": 200,
      "xazgn12.servicebus.windows.net": 403,
      "azgn1.evil.servicebus.windows.net": 403,
      "azgn12.servicebus.windows.net.evil.example": 403,
    };

    t.deepEqual(result.before, open);
    t.deepEqual(result.updated, { ...open, "config.edge.skype.com": 403, "new.defender.microsoft.com": 200 });
    t.deepEqual(result.rolledBack, open);
    t.deepEqual([result.held, result.aliveAfterUpdate, result.aliveAfterRollback], [40, 40, 40]);
    t.is(result.starts, 1, "Squid was started once");
    const [before, after] = result.processes;
    if (JSON.stringify(before) !== JSON.stringify(after)) t.log(result.log, stdout);
    t.deepEqual(after, before, "and its workers are the same ones");
    t.true(before.length > 2);
    t.notRegex(result.log, /FATAL/);
  },
);
