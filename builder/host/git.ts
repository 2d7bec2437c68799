import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Asks git about the project, if the project itself is the checkout and not a folder in somebody else's.
 *
 * @returns what git printed; undefined where there is no git or no checkout
 */
export async function askGit(
  args: readonly string[],
  signal: AbortSignal,
  project = PROJECT,
): Promise<string | undefined> {
  // git refuses another user's checkout (sudo ./postern build) because of the commands its configuration may
  // run. What is asked here runs none.
  const git = [
    ...["-c", `safe.directory=${project.replace(/\/$/, "")}`, "-c", "core.fsmonitor=false"],
    ...["-C", project],
  ];
  try {
    const { stdout: prefix } = await run("git", [...git, "rev-parse", "--show-prefix"], { signal });
    if (prefix.trim() !== "") return undefined;
    return (await run("git", [...git, ...args], { signal })).stdout;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
