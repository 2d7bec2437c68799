import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { run } from "../../../builder/host/run.ts";
import { scratch } from "../../kit/scratch.ts";

/** Suite to package to version. */
export type Pockets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Archive {
  url: string;
  keyring: string;
  /** Paths that were asked for. */
  asked: string[];
  close(): void;
}

/** A signed archive on loopback: the indexes that apt reads, and no package behind them. */
export async function serveArchive(t: ExecutionContext, pockets: Pockets): Promise<Archive> {
  const folder = await scratch(t);
  const home = join(folder, "gnupg");
  await mkdir(home, { mode: 0o700 });
  const gpg = (...args: readonly string[]) => run("gpg", ["--homedir", home, "--batch", "--quiet", ...args]);
  const owner = "archive@example.com";
  await gpg("--passphrase", "", "--quick-generate-key", owner, "ed25519", "sign", "never");
  const keyring = join(folder, "archive.gpg");
  await gpg("--output", keyring, "--export", owner);
  const files = new Map<string, Buffer>();
  for (const [suite, packages] of Object.entries(pockets)) {
    const index = Buffer.from(Object.entries(packages).map(stanza).join("\n"));
    const release = join(folder, suite);
    await writeFile(release, releaseText(suite, index));
    const { stdout } = await gpg("--local-user", owner, "--clearsign", "--output", "-", release);
    files.set(`/dists/${suite}/InRelease`, Buffer.from(stdout));
    files.set(`/dists/${suite}/main/binary-amd64/Packages`, index);
  }
  await run("gpgconf", ["--homedir", home, "--kill", "gpg-agent"]);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const bytes = files.get(path);
    if (bytes === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  t.teardown(close);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, keyring, asked, close };
}

/** dpkg's status file of a tree. */
export function statusText(installed: Readonly<Record<string, string>>): string {
  return Object.entries(installed)
    .map(([name, version]) => `Package: ${name}\nStatus: install ok installed\n${fields(version)}`)
    .join("\n");
}

function stanza([name, version]: [string, string]): string {
  const hash = createHash("sha256").update(`${name}${version}`).digest("hex");
  return `Package: ${name}\n${fields(version)}Filename: pool/${name}.deb\nSize: 1\nSHA256: ${hash}\n`;
}

function fields(version: string): string {
  return `Architecture: amd64\nMaintainer: Nobody <nobody@example.com>\nVersion: ${version}\nDescription: for a test\n`;
}

function releaseText(suite: string, index: Buffer): string {
  const hash = createHash("sha256").update(index).digest("hex");
  return [
    "Origin: Example",
    "Label: Example",
    `Suite: ${suite}`,
    `Codename: ${suite}`,
    "Date: Thu, 01 Jan 2026 00:00:00 UTC",
    "Architectures: amd64",
    "Components: main",
    "SHA256:",
    ` ${hash} ${index.length} main/binary-amd64/Packages`,
    "",
  ].join("\n");
}
