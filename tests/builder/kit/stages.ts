import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PosternError } from "../../../builder/error.ts";
import { follow } from "../../../builder/host/run.ts";
import type { BuildDescription } from "../../../builder/pipeline/describe.ts";
import type { PendingUpdate } from "../../../builder/pipeline/pending.ts";
import type { Stage, StageContext } from "../../../builder/pipeline/stage.ts";

/** How a test steers the stages of the fixture build. */
export interface Steering {
  /** Goes into the first stage. */
  FIXTURE_TEXT?: string;
  /** A stage that fails. */
  FIXTURE_FAIL?: string;
  /** A stage that makes the file `FIXTURE_MARK` and then waits for ever in a child process. */
  FIXTURE_HANG?: string;
  FIXTURE_MARK?: string;
  /** A stage that leaves other bytes though nothing that goes in says so: what a rebuild has to find. */
  FIXTURE_VARY?: string;
  /** The version of the fixture's one tool. */
  FIXTURE_CAT?: string;
  /** The version of Squid that the archive would give. */
  FIXTURE_SQUID?: string;
  /** What the archive has newer: nothing, `bugfix`, `security`; `silence`: it does not answer. */
  FIXTURE_PENDING?: string;
  /** A stage that makes so many files. */
  FIXTURE_MANY?: string;
}

/** seed -> left, right -> image: small, but run by the real pipeline in the real CLI. */
export function fixtureBuild(steering: Steering): BuildDescription {
  const stage = (
    id: string,
    needs: readonly string[],
    inputs: Readonly<Record<string, string>>,
    make: (context: StageContext) => Promise<string>,
  ): Stage => ({
    id,
    title: `${id} of the fixture`,
    needs,
    inputs,
    outputs: [`${id}.txt`],
    run: async (context) => {
      await steer(id, context, steering);
      const made = await make(context);
      await writeFile(
        join(context.out, `${id}.txt`),
        steering.FIXTURE_VARY === id ? `${made}varied\n` : made,
      );
    },
  });
  const seed = (context: StageContext): Promise<string> =>
    readFile(context.input("seed", "seed.txt"), "utf8");
  const text = steering.FIXTURE_TEXT ?? "a text\n";
  return {
    base: "debian-13",
    stages: [
      stage("seed", [], { text }, async ({ out }) => {
        await writeFile(
          join(out, "packages.tsv"),
          `squid\t6.13\tamd64\tsquid\t6.13\t${"5".repeat(64)}\namd64-microcode\t1\n`,
        );
        await writeFile(join(out, "disk.raw"), text);
        await truncate(join(out, "disk.raw"), 64 * 1024 ** 2);
        return text;
      }),
      stage("left", ["seed"], {}, async (context) => `left ${await seed(context)}`),
      stage("right", ["seed"], {}, async (context) => `right ${await seed(context)}`),
      stage("image", ["left", "right"], {}, async ({ input, progress }) => {
        const parts = await progress.step("join", () =>
          Promise.all(["left", "right"].map((id) => readFile(input(id, `${id}.txt`), "utf8"))),
        );
        return parts.join("");
      }),
    ],
    artifacts: [
      { stage: "image", file: "image.txt", name: "image.txt" },
      { stage: "right", file: "right.txt", name: "right.txt" },
    ],
    packages: { stage: "seed", file: "packages.tsv" },
    updates: { stage: "seed", ask: async () => pending(steering) },
    resolved: [
      { name: "amd64-microcode", version: "1" },
      { name: "squid", version: steering.FIXTURE_SQUID ?? "6.13" },
    ],
    tools: { cat: steering.FIXTURE_CAT ?? "9.1" },
  };
}

function pending({ FIXTURE_PENDING }: Steering): PendingUpdate[] {
  if (FIXTURE_PENDING === "silence") {
    throw new PosternError({ code: "network.pending", message: "no answer", hint: "Wait for one." });
  }
  if (FIXTURE_PENDING === undefined) return [];
  const security = FIXTURE_PENDING === "security";
  return [{ name: "squid", installed: "6.13", available: "6.14", security }];
}

async function steer(id: string, { out, signal }: StageContext, steering: Steering): Promise<void> {
  if (steering.FIXTURE_FAIL === id) {
    throw new PosternError({
      code: "guest.fixture",
      message: "it was told to fail",
      hint: "Tell it not to.",
    });
  }
  if (steering.FIXTURE_MANY === id) {
    for (let file = 0; file < 1000; file++) await writeFile(join(out, `many-${file}`), "x");
  }
  if (steering.FIXTURE_HANG === id) {
    // The mark holds the child's pid, so that a test can see it go.
    const script = 'echo half > "$1/half"; echo $$ > "$2.new"; mv "$2.new" "$2"; exec sleep 1000';
    await follow("sh", ["-c", script, "sh", out, steering.FIXTURE_MARK ?? ""], { signal, grace: 2000 });
  }
}
