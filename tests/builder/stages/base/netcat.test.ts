import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { tempFolder } from "../../../appliance/kit/temp.ts";

/*
 * The stand-in for netcat with its folder of sockets moved below a scratch folder; the other end is what
 * cloud-init's socket.py does: it takes five bytes, looks where they came from, and answers there.
 */

const SCRIPT = new URL(
  "../../../../builder/stages/base/netcat/usr/lib/postern/cloud-init/nc",
  import.meta.url,
);
const OTHER_END = `
use Socket;
socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or die; bind($s, pack_sockaddr_un($ARGV[0])) or die;
$| = 1; print "ready\\n";
my $from = recv($s, my $text, 5, 0); my ($path) = unpack_sockaddr_un($from);
send($s, "echo '$text from $path'; exit 3;", 0, $from);
`;

const runFile = promisify(execFile);

function layScript(root: string): string {
  const place = join(root, "nc");
  mkdirSync(join(root, "share"));
  writeFileSync(place, readFileSync(SCRIPT, "utf8").replaceAll("/run/cloud-init/share", join(root, "share")));
  return place;
}

test("cloud-init's line works with it as with netcat", async (t) => {
  const root = tempFolder(t);
  const nc = layScript(root);
  const [there, back] = ["local.sock", "local-return.sock"].map((name) => join(root, "share", name));
  const cloudInit = spawn("perl", ["-e", OTHER_END, String(there)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(cloudInit.stdout, "data");

  const line = `echo "start" | perl ${nc} -Uu -W1 ${there} -s ${back} | sh`;
  const error = await t.throwsAsync<Error & { code: number; stdout: string }>(runFile("sh", ["-c", line]));

  t.is(error?.code, 3);
  t.is(error?.stdout, `start from ${back}\n`);
});

for (const args of [
  "-l 80",
  "-Uu -W1 /tmp/x.sock -s /tmp/x-return.sock",
  "-Uu -W1 SHARE/local.sock -s SHARE/final-return.sock",
  "198.51.100.1 80",
]) {
  test(`it does not do: nc ${args}`, async (t) => {
    const root = tempFolder(t);
    const words = args.replaceAll("SHARE", join(root, "share")).split(" ");

    const error = await t.throwsAsync<Error & { stderr: string }>(
      runFile("perl", [layScript(root), ...words]),
    );

    t.is(error?.stderr, "nc: only cloud-init's own sockets\n");
  });
}
