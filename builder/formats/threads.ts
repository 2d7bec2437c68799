import { Worker } from "node:worker_threads";

/** Threads that answer each message with one. */
export interface Threads<Message, Answer> {
  /** Gives a message to the thread that has the fewest. @throws what the thread threw */
  ask(message: Message): Promise<Answer>;
  /** Ends all threads, whatever they do. */
  end(): Promise<void>;
}

/** MiB of short-lived objects in a thread; by default there are 48, for servers. */
const YOUNG = 4;

/** Starts `count` threads of a module that gets `data` as its `workerData`. */
export function startThreads<Message, Answer>(
  module: URL,
  count: number,
  data: unknown,
): Threads<Message, Answer> {
  const threads = Array.from({ length: count }, () => thread<Message, Answer>(module, data));
  return {
    ask(message) {
      const [first, ...others] = threads;
      if (first === undefined) throw new RangeError("no threads");
      return others
        .reduce((least, one) => (one.waiting() < least.waiting() ? one : least), first)
        .ask(message);
    },
    async end() {
      await Promise.all(threads.map(({ end }) => end()));
    },
  };
}

interface Thread<Message, Answer> {
  ask(message: Message): Promise<Answer>;
  /** Messages without an answer yet. */
  waiting(): number;
  end(): Promise<unknown>;
}

function thread<Message, Answer>(module: URL, data: unknown): Thread<Message, Answer> {
  const worker = new Worker(module, {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  });
  const waiting: PromiseWithResolvers<Answer>[] = [];
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    for (const { reject } of waiting.splice(0)) reject(failure);
  };
  // It answers in the order it was asked.
  worker.on("message", (answer: Answer) => waiting.shift()?.resolve(answer));
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread has ended")));
  return {
    ask(message) {
      const answer = Promise.withResolvers<Answer>();
      if (failure === undefined) {
        waiting.push(answer);
        worker.postMessage(message);
      } else answer.reject(failure);
      return answer.promise;
    },
    waiting: () => waiting.length,
    end: () => worker.terminate(),
  };
}
