import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { PosternError } from "../../builder/error.ts";

/** A process of ours that answers one question at a time. */
export interface Child<Question, Reply> {
  pid: number;
  ask(question: Question): Promise<Reply>;
  stop(): Promise<void>;
}

/** Starts a script of this folder. It ends with us: it leaves when the channel between us closes. */
export function startChild<Question extends object, Reply extends object>(
  script: string,
): Child<Question, Reply> {
  const child: ChildProcess = fork(script, [], { serialization: "advanced", execArgv: [] });
  return {
    pid: child.pid ?? 0,
    ask: (question) =>
      new Promise((resolve, reject) => {
        const settle = (): void => {
          child.off("message", answer);
          child.off("exit", end);
        };
        const answer = (message: Reply | { error: string }): void => {
          settle();
          if ("error" in message) reject(failure(String(message.error)));
          else resolve(message);
        };
        const end = (code: number | null): void => {
          settle();
          reject(failure(`${script} ended by itself (${code ?? "by a signal"})`));
        };
        child.on("message", answer);
        child.on("exit", end);
        child.send(question);
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      if (child.connected) child.disconnect();
      const force = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(force);
    },
  };
}

function failure(message: string): PosternError {
  return new PosternError({ code: "host.load", message, hint: "npm run bench" });
}
