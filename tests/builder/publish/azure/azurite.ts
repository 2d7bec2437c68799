import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { PROJECT } from "../../kit/cli.ts";
import { until } from "../../kit/wait.ts";

/** The account that every Azurite has; its key is printed in its documentation. */
const NAME = "devstoreaccount1";
const KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export interface Azurite {
  url: string;
  name: string;
  key: string;
  stop(): Promise<void>;
}

/** Microsoft's own emulator of the Blob service, in memory. */
export async function startAzurite(): Promise<Azurite> {
  const port = await freePort();
  const main = join(PROJECT, "node_modules/azurite/dist/src/blob/main.js");
  const words = ["--blobHost", "127.0.0.1", "--blobPort", String(port), "--inMemoryPersistence"];
  const child = spawn(
    process.execPath,
    [main, ...words, "--skipApiVersionCheck", "--disableTelemetry", "--silent"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const url = `http://127.0.0.1:${port}/${NAME}`;
  await until("Azurite answers", async () => {
    if (child.exitCode !== null) throw new Error(`Azurite ended: ${said}`);
    return fetch(`${url}?comp=list`).then(
      (answer) => answer.status > 0 || undefined,
      () => undefined,
    );
  });
  return {
    ...{ url, name: NAME, key: KEY },
    stop: () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
