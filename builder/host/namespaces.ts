import { messageOf, PosternError } from "../error.ts";
import { installCommand } from "./packages.ts";
import { rootCommand } from "./privilege.ts";
import { run } from "./run.ts";

/**
 * Makes sure that we can be root of a tree of our own, as mmdebstrap and tar have to be. Found out by trying:
 * sub-ids may be missing, newuidmap too, and some kernels allow it to chosen programs only.
 *
 * @throws PosternError `host.namespaces`.
 */
export async function requireTreeRoot(
  signal: AbortSignal,
  isRoot = process.geteuid?.() === 0,
): Promise<void> {
  if (isRoot) return;
  const { command, args } = rootCommand("true", [], false, true);
  try {
    await run(command, args, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw new PosternError({
      code: "host.namespaces",
      message: `this account cannot be root in a user namespace\n${messageOf(error)}`,
      hint: `Build as root, or: ${installCommand(["uidmap"])}; sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "$USER"`,
      cause: error,
    });
  }
}
