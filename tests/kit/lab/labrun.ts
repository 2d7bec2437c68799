/* Runs inside a lab (see lab.test.ts) and prints what it saw as one JSON line. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { connectOnly, describe } from "../../boot/kit/proxyclient.ts";
import { CLIENT, CLOUD, PROXY } from "./addresses.ts";
import { labFolder } from "./enclose.ts";
import { startLab } from "./lab.ts";
import { posternConfig } from "./postern.ts";
import { labTree } from "./tree.ts";

const echo = createServer((socket) => socket.on("error", () => {}).pipe(socket));
const lab = await startLab({ root: await labTree(labFolder() ?? "") });
const NAME = "a.endpoint.security.microsoft.com";
echo.listen(443);
const squid = await lab.squid(posternConfig({ vcpus: 2, nofile: 2048 }));
const ask = async (name: string): Promise<string> =>
  describe(await connectOnly({ host: PROXY, port: squid.port, localAddress: CLIENT }, `${name}:443`));

const master = (await squid.pids())[0] ?? 0;
const status = await readFile(`/proc/${master}/status`, "utf8");
const limits = await readFile(`/proc/${master}/limits`, "utf8");
const unknown = await ask(NAME);
lab.dns.set("*.endpoint.security.microsoft.com", [CLOUD]);
const known = await ask(`b.${NAME.slice(2)}`);
await squid.reconfigure();
await squid.rotate();
const after = await ask(`b.${NAME.slice(2)}`);
const result = {
  version: lab.version,
  processes: (await squid.pids()).length,
  uid: /^Uid:\s+(\d+)/m.exec(status)?.[1],
  bounding: /^CapBnd:\s+(\S+)/m.exec(status)?.[1],
  files: /^Max open files +(\d+)/m.exec(limits)?.[1],
  answers: [unknown, known, after],
  asked: lab.dns.asked.includes(NAME),
};
await squid.stop();
const left = (await squid.pids()).length;
await lab.close();
echo.close();
process.stdout.write(`RESULT ${JSON.stringify({ ...result, left })}\n`, () => process.exit(0));
