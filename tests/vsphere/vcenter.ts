import { follow, run } from "../../builder/host/run.ts";

/** A vCenter, or an ESXi host, that only pretends. */
export interface Vcenter {
  /** What tells govc where it is. */
  env: Readonly<Record<"GOVC_URL" | "GOVC_INSECURE", string>>;
  /** Runs a command of govc against it. @returns standard output. */
  govc(...args: string[]): Promise<string>;
}

/** Starts the simulator on the loopback for a body, and ends it afterwards. */
export async function withVcenter<T>(
  program: string,
  body: (vcenter: Vcenter) => Promise<T>,
  kind: readonly "esxi"[] = [],
): Promise<T> {
  const stop = new AbortController();
  const started = Promise.withResolvers<string>();
  const onLine = (line: string): void => {
    if (line.startsWith("https://")) started.resolve(line);
  };
  const running = follow(program, ["simulate", ...kind], { signal: stop.signal, onLine });
  running.catch((error: unknown) => started.reject(error));
  try {
    const url = await started.promise;
    // Its certificate is its own, and it is on this machine.
    const env = { GOVC_URL: url, GOVC_INSECURE: "1" };
    return await body({
      env,
      govc: async (...args) => (await run(program, args, { env, timeout: 300_000 })).stdout,
    });
  } finally {
    stop.abort(new Error("done"));
    await running.catch(() => {});
  }
}
