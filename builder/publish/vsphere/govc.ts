import { PosternError } from "../../error.ts";
import { findProbe } from "../../host/packages.ts";
import { type FollowOptions, follow, run } from "../../host/run.ts";
import type { Progress } from "../../pipeline/progress.ts";

/** govc (https://github.com/vmware/govmomi/tree/main/govc), asked with the credentials of its own environment. */
export interface Govc {
  /** Asks for something and changes nothing. @returns standard output. */
  ask(args: readonly string[]): Promise<string>;
  /** Changes something. @param size bytes of what it uploads, for the bar. */
  change(args: readonly string[], size: number, progress: Progress): Promise<void>;
  /** Runs on when everything else was stopped. @returns standard output. */
  cleanUp(args: readonly string[]): Promise<string>;
}

export function findGovc(path: string | undefined): Promise<string | undefined> {
  return findProbe("govc", path);
}

/** Patience for what changes nothing, in milliseconds. */
const PATIENCE = 120_000;

/** @throws PosternError `network.vsphere` with the words of govc. */
export function govcAt(program: string, signal: AbortSignal): Govc {
  const HINT = "Look at GOVC_URL and the names; govc's own words are above. docs/publish-vsphere.md.";
  const options = { signal, code: "network.vsphere", hint: HINT } as const;
  return {
    ask: (args) => told(run(program, args, { ...options, timeout: PATIENCE }).then(({ stdout }) => stdout)),
    cleanUp: (args) => told(run(program, args, { timeout: PATIENCE }).then(({ stdout }) => stdout)),
    change(args, size, progress) {
      const onLine: FollowOptions["onLine"] = (line) => {
        const percent = PERCENT.exec(line)?.[1];
        if (percent !== undefined) progress.bar(Math.round((size * Number(percent)) / 100), size, "bytes");
      };
      return told(follow(program, args, { ...options, onLine, carriageReturns: true }));
    },
  };
}

/** How govc says how far an upload is: `Uploading x.vmdk... (32%, 3.2MiB/s)`. */
const PERCENT = /\((\d{1,3})%,/;

/** An address may hold a password, and govc may name the address. Its progress tells nothing about a fault. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    const { code, hint } = error;
    const lines = error.message.split("\n").filter((line) => !PERCENT.test(line));
    throw new PosternError({ code, hint, message: withoutCredentials(lines.join("\n")) });
  }
}

/** A text without the user and password of the addresses in it. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/(:\/\/)[^/\s]*@/g, "$1");
}
