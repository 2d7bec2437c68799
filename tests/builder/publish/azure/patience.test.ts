import { RestError } from "@azure/storage-blob";
import test from "ava";
import { faultOf, isTransient } from "../../../../builder/publish/azure/fault.ts";
import { DELAYS, type Patience, retrier } from "../../../../builder/publish/azure/patience.ts";
import { renewing } from "../../../../builder/publish/azure/renew.ts";
import { RequestTimeout } from "../../../../builder/publish/azure/target.ts";

const signal = new AbortController().signal;

/** Remembers how long it was to sleep. */
function watched(delays = DELAYS): Patience & { slept: number[] } {
  const slept: number[] = [];
  return {
    ...{ delays, slept },
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
}

function refusal(statusCode: number, code: string, retryAfter?: string): RestError {
  const error = new RestError(code, { statusCode, code });
  const headers = new Map(retryAfter === undefined ? [] : [["retry-after", retryAfter]]);
  Object.defineProperty(error, "response", { value: { headers }, enumerable: false });
  return error;
}

const CASES: [title: string, error: Error, isTransient: boolean][] = [
  ["408", refusal(408, "RequestTimeout"), true],
  ["429", refusal(429, "TooManyRequests"), true],
  ["500", refusal(500, "OperationTimedOut"), true],
  ["503", refusal(503, "ServerBusy"), true],
  ["a sum that is wrong on the way", refusal(400, "Md5Mismatch"), true],
  ["another 400", refusal(400, "InvalidHeaderValue"), false],
  ["403", refusal(403, "AuthenticationFailed"), false],
  ["409", refusal(409, "BlobBeingRehydrated"), false],
  ["501", refusal(501, "NotImplemented"), false],
  ["a cut connection", new RestError("socket hang up", { code: "ECONNRESET" }), true],
  ["no answer", new RequestTimeout(1000), true],
  [
    "an operation that failed later",
    new Error("The long-running operation has failed. InvalidVhd. No."),
    false,
  ],
];
for (const [title, error, expected] of CASES) {
  test(`tried again or not: ${title}`, async (t) => {
    const fault = faultOf(error);
    t.is(fault !== undefined && isTransient(fault), expected);
    const patience = watched();
    let tries = 0;
    const asked = retrier(patience, signal).run(async () => {
      tries += 1;
      throw error;
    });
    t.is(await t.throwsAsync(asked, { any: true }), error);
    t.is(tries, expected ? DELAYS.length + 1 : 1);
    t.deepEqual(patience.slept, expected ? [...DELAYS] : []);
  });
}

test("a fault of ours is not tried again", async (t) => {
  let tries = 0;
  await t.throwsAsync(
    retrier(watched(), signal).run(async () => {
      tries += 1;
      throw new TypeError("undefined is not a function");
    }),
  );
  t.is(tries, 1);
});

test("Retry-After lengthens a wait and never shortens it; what is no number of seconds, or too much, is not obeyed", async (t) => {
  const patience = watched([2000, 2000, 2000, 2000]);
  const answers = ["30", "1", "Fri, 31 Dec 2027 23:59:59 GMT", "99999"];
  const result = await retrier(patience, signal).run(async () => {
    const next = answers.shift();
    if (next !== undefined) throw refusal(503, "ServerBusy", next);
    return "done";
  });
  t.is(result, "done");
  t.deepEqual(patience.slept, [30_000, 2000, 2000, 300_000]);
});

test("while the service is busy all requests wait, and one wait is enough for them", async (t) => {
  let wake = (): void => {};
  const slept: number[] = [];
  const one = retrier(
    {
      delays: [1000, 1000],
      sleep: (ms) => {
        slept.push(ms);
        return new Promise((resolve) => {
          wake = resolve;
        });
      },
    },
    signal,
  );
  let isBusy = true;
  const ask = () =>
    one.run(async () => {
      if (isBusy) throw refusal(503, "ServerBusy");
      return 1;
    });
  const early = [ask(), ask(), ask()];
  await new Promise((resolve) => setImmediate(resolve));
  let isLateSent = false;
  const late = one.run(async () => {
    isLateSent = true;
    return 1;
  });
  await new Promise((resolve) => setImmediate(resolve));
  t.false(isLateSent);
  isBusy = false;
  wake();
  t.deepEqual(await Promise.all([...early, late]), [1, 1, 1, 1]);
  t.deepEqual(slept, [1000]);
});

test("a signal ends a wait with its reason", async (t) => {
  const stop = new AbortController();
  const one = retrier({ delays: [1], sleep: async () => stop.abort(new Error("enough")) }, stop.signal);
  await t.throwsAsync(
    one.run(async () => {
      throw refusal(500, "InternalError");
    }),
    { message: "enough" },
  );
});

test("what ran out is had anew once for all who were denied, and not again when the new one is denied at once", async (t) => {
  let opened = 0;
  let good = 1;
  const target = renewing(async () => {
    opened += 1;
    return opened;
  });
  const ask = () =>
    target.use(async (one) => {
      await new Promise((resolve) => setImmediate(resolve));
      if (one !== good) throw refusal(403, "AuthenticationFailed");
      return one;
    });
  t.is(await ask(), 1);
  good = 2;
  t.deepEqual(await Promise.all([ask(), ask(), ask()]), [2, 2, 2]);
  t.is(opened, 2);
  good = 99;
  const error = await t.throwsAsync(ask(), { instanceOf: RestError });
  t.is(error?.statusCode, 403);
  t.is(opened, 3);
});
