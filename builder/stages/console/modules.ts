import type { Metafile } from "esbuild";
import Joi from "joi";

/**
 * The folders of the npm packages whose code is in a bundle, as the lock file names them (`node_modules/@clack/core`),
 * sorted. What was shaken off the tree has no byte in it.
 */
export function bundledModules({ outputs }: Metafile): string[] {
  const used = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  return [...new Set(used.flatMap((path) => moduleFolder(path) ?? []))].sort();
}

/** Nothing for a file of ours. The folder of all modules may lie beside the project, behind a link. */
function moduleFolder(path: string): string | undefined {
  const [, within = ""] = /(?:^|\/)(node_modules\/.*)$/.exec(path) ?? [];
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(within)?.[1];
}

/** What `bundledModules` returned, from its file. @throws when it is not that. */
export function parseModules(text: string): string[] {
  return Joi.attempt(
    JSON.parse(text),
    Joi.array<string[]>()
      .items(Joi.string().pattern(/^node_modules\//))
      .min(1)
      .required(),
  );
}
