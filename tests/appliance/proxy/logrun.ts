/* Runs inside a lab (see log.test.ts): requests go on while Squid reads its rules again and its log is rotated. */
import { until } from "../../../appliance/system/until.ts";
import { connectOnly } from "../../boot/kit/proxyclient.ts";
import { CLIENT, PROXY } from "../../kit/lab/addresses.ts";
import { labFolder } from "../../kit/lab/enclose.ts";
import { startLab } from "../../kit/lab/lab.ts";
import { posternConfig } from "../../kit/lab/postern.ts";
import { labTree } from "../../kit/lab/tree.ts";

const TARGET = "log-test.example.com:443";
const RELOADS = 5;
const PATIENCE = { timeout: 20_000, every: 20 };

const lab = await startLab({ root: await labTree(labFolder() ?? "") });
const squid = await lab.squid(posternConfig({ vcpus: 2, nofile: 2048 }));
let answered = 0;
let isOver = false;
const traffic = (async () => {
  while (!isOver) {
    const { kind } = await connectOnly({ host: PROXY, port: squid.port, localAddress: CLIENT }, TARGET);
    if (kind === "answer") answered++;
  }
})();
for (let reload = 1; reload <= RELOADS; reload++) {
  const before = answered;
  await squid.reconfigure();
  await until(
    async () => answered,
    (now) => now > before + 20,
    PATIENCE,
  );
}
await squid.rotate();
isOver = true;
await traffic;
const count = async (): Promise<number> => {
  const text = (await squid.log("access.log")) + (await squid.log("access.log.1"));
  return text.split("\n").filter((line) => line.includes(TARGET)).length;
};
// The last line is written once its connection is over.
const lines = await until(count, (now) => now >= answered, PATIENCE);
await squid.stop();
await lab.close();
process.stdout.write(`RESULT ${JSON.stringify({ answered, lines })}\n`, () => process.exit(0));
