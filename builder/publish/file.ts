import { readFile } from "node:fs/promises";
import type { Problem } from "../../appliance/settings/problem.ts";
import { messageOf } from "../error.ts";
import { didYouMean } from "../recipe/nearest.ts";
import { readYaml } from "../recipe/yaml.ts";

/** The sections of publish.yaml: one a platform, so that one file can say where a release goes. */
export const PLATFORMS = ["azure", "vsphere", "hyperv"] as const;
export type Platform = (typeof PLATFORMS)[number];

/**
 * One platform's section of publish.yaml, unchecked; `{}` where the file has none.
 *
 * @param name as the person wrote it, for the problems' paths
 */
export async function publishSection(
  path: string,
  name: string,
  platform: Platform,
): Promise<{ section: unknown; problems: Problem[] }> {
  const refused = (...problems: Problem[]) => ({
    section: {},
    problems: problems.map((problem) => ({ ...problem, path: `${name}: ${problem.path}` })),
  });
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return refused({ path: "(document)", expected: "a file that can be read", got: messageOf(error) });
  }
  const { value, problems } = readYaml(bytes);
  if (problems.length > 0) return refused(...problems);
  const expected = `sections: ${PLATFORMS.join(", ")}`;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return refused({ path: "(document)", expected, got: "something else" });
  const sections: Record<string, unknown> = { ...value };
  const known: readonly string[] = PLATFORMS;
  const unknown = Object.keys(sections).filter((key) => !known.includes(key));
  const found = refused(
    ...unknown.map((key) => ({
      path: key,
      expected: `${expected}${didYouMean(key, known)}`,
      got: "an unknown one",
    })),
  );
  return { section: sections[platform] ?? {}, problems: found.problems };
}
