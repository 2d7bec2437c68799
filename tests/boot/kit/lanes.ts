import { basename } from "node:path";

/** One test file's output as lines; resolves with its exit code. */
export type RunFile = (file: string, onLine: (line: string) => void) => Promise<number>;

/** A result of TAP: at the very left. ava leaves the file out of a title where it runs only one. */
const RESULT = /^((?:not )?ok \d+) - (.*)$/;

/**
 * Runs test files in lanes beside each other: each lane takes the next file as soon as it is free.
 * After an interrupt none takes another. Every line says whose it is; results stay at the left, where a reader
 * of TAP looks for them.
 *
 * @returns 0, or the first exit code that is not.
 */
export async function runLanes(
  files: readonly string[],
  lanes: number,
  run: RunFile,
  write: (line: string) => void,
  signal?: AbortSignal,
): Promise<number> {
  const left = [...files];
  let code = 0;
  const lane = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      if (signal?.aborted === true) return;
      const name = basename(file, ".test.ts");
      const ended = await run(file, (line) => write(labelled(name, line)));
      if (code === 0) code = ended;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return code;
}

function labelled(name: string, line: string): string {
  const [, result, title] = RESULT.exec(line) ?? [];
  if (result !== undefined && title !== undefined) return `${result} - ${name} › ${title}`;
  return `  ${name} | ${line}`;
}
