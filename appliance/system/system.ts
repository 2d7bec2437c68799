import type { NetworkInterfaceInfo } from "node:os";
import type { Paths } from "../paths.ts";

/** What a finished command left. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Written to the command's standard input. */
  input?: string;
  /** Milliseconds; 60 s by default. */
  timeout?: number;
}

/** The machine: where its files are, and the one way to run a command. Tests give another one. */
export interface System {
  paths: Paths;
  /**
   * Runs a command to its end; arguments go as an array, no shell reads them.
   *
   * @returns its exit code and output, whatever the code.
   * @throws PosternError `host.command` when it cannot be started or does not end in time.
   */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Virtual CPUs. */
  vcpus(): number;
  /** The addresses of every card now. */
  interfaces(): Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}
