import { execFile, execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { sshdText } from "../../../appliance/access/sshd.ts";
import { tempFolder } from "../kit/temp.ts";
import { makeSshdFolder, TOOL_ENV, testWith } from "../kit/tools.ts";
import { YESCRYPT } from "../settings/fixtures.ts";

const runFile = promisify(execFile);
const IMAGE = new URL(
  "../../../overlays/ssh/files/etc/ssh/sshd_config.d/10-postern.conf.mustache",
  import.meta.url,
);

for (const passwordLogin of [false, true]) {
  testWith(["sshd", "ssh-keygen"], { root: true })(
    `the real sshd takes ${passwordLogin ? "the password too" : "keys alone"}, whatever the image's own file says`,
    async (t) => {
      const folder = tempFolder(t);
      const key = join(folder, "key");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { env: TOOL_ENV });
      const own = readFileSync(IMAGE, "utf8")
        .replaceAll(/^\{\{.*\n/gm, "")
        .replace("/etc/ssh/ssh_host_ed25519_key", key)
        // This host's sshd may be older than that of every base.
        .replaceAll(/^(KexAlgorithms|DebianBanner) .*\n/gm, "");
      const admin = { sshKeys: [], from: [], passwordLogin, passwordHash: YESCRYPT };
      writeFileSync(join(folder, "05-postern-settings.conf"), sshdText(admin));
      writeFileSync(join(folder, "10-postern.conf"), own);
      const conf = join(folder, "sshd_config");
      writeFileSync(conf, `Include ${folder}/*.conf\nPasswordAuthentication yes\nUsePAM yes\n`);
      makeSshdFolder();

      const { stdout } = await runFile("sshd", ["-T", "-f", conf], { env: TOOL_ENV });

      t.regex(stdout, new RegExp(`^passwordauthentication ${passwordLogin ? "yes" : "no"}$`, "m"));
      t.regex(stdout, /^kbdinteractiveauthentication no$/m);
      t.regex(stdout, /^permitrootlogin no$/m);
      t.regex(stdout, /^allowgroups sudo$/m);
    },
  );
}
