import { resolve } from "node:path";
import { currentSettings } from "../settings/current.ts";
import { writeBundle } from "../support/bundle.ts";
import type { RunCommand } from "./command.ts";

export const run: RunCommand = async ({ system, release, print }, { rest: [named] }) => {
  const settings = await currentSettings(system.paths).catch(() => undefined);
  const file = resolve(named ?? defaultName(settings?.hostname ?? "postern", new Date()));
  print("Collecting; this takes some seconds");
  const contents = await writeBundle(system, release, file);
  const width = Math.max(...contents.map(({ name }) => name.length));
  for (const { name, about } of contents) print(`  ${name.padEnd(width)}  ${about}`);
  print(
    `${file}\nPasswords, their hashes and private keys are masked. Addresses and names of your network are not.`,
  );
  return 0;
};

/** `postern-support-proxy-01-20261124-120431.tar.gz`, in UTC. */
function defaultName(hostname: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `postern-support-${hostname}-${stamp}.tar.gz`;
}
