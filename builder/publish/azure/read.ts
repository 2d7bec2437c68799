import { resolve } from "node:path";
import { check, type Problem, problemsError } from "../../../appliance/settings/problem.ts";
import { publishSection } from "../file.ts";
import { type AzureFile, type AzureSettings, azureSchema, azureSettings, lacking } from "./settings.ts";

/** A flag with the field of publish.yaml that it goes over. */
export const FIELD_FLAGS = {
  "--subscription": "subscription",
  "--resource-group": "resourceGroup",
  "--location": "location",
  "--cloud": "cloud",
  "--auth": "auth",
  "--tenant": "tenant",
  "--client-id": "clientId",
  "--sku": "sku",
  "--disk": "disk",
  "--account": "blob.account",
  "--container": "blob.container",
  "--blob": "blob.name",
  "--image": "image",
  "--gallery": "gallery.name",
  "--definition": "gallery.definition",
  "--image-version": "gallery.version",
  "--regions": "gallery.regions",
  "--parallel": "parallel",
} as const;

export type FieldFlag = keyof typeof FIELD_FLAGS;

export interface AzureWish {
  /** What came on the command line. */
  flags: Readonly<Partial<Record<FieldFlag, unknown>>>;
  /** `--config`. */
  config: string | undefined;
  /** Problems of the command line that are known already. */
  problems: readonly Problem[];
  cwd: string;
  /** Name of the image without its ending; undefined when there is none to take a name from. */
  stem: string | undefined;
}

/**
 * The settings of a publication: the file's section `azure`, flags over it, defaults under it.
 *
 * @throws PosternError `input.publish` with every problem of both at once
 */
export async function readAzureSettings(wish: AzureWish): Promise<AzureSettings> {
  const { config, cwd, stem = "" } = wish;
  const file =
    config === undefined
      ? { section: {}, problems: [] }
      : await publishSection(resolve(cwd, config), config, "azure");
  const written = withFlags(file.section, wish.flags);
  const checked = check<AzureFile>(azureSchema, written);
  const where = (path: string): string => placeOf(path, wish);
  const value = checked.value ?? (isGroup(written) ? (written as AzureFile) : {});
  const lacks = lacking(value, stem)
    // A field that is wrong is told once.
    .filter(({ path }) => !checked.problems.some((problem) => problem.path.startsWith(path)))
    .map(({ path, expected }) => ({ path: where(path), expected, got: "nothing" }));
  const problems = [
    ...wish.problems,
    ...file.problems,
    ...checked.problems.map((problem) => ({ ...problem, path: where(problem.path) })),
    ...(file.problems.length > 0 ? [] : lacks),
  ];
  if (problems.length === 0 && checked.value !== undefined) return azureSettings(checked.value, stem);
  throw problemsError(
    "input.publish",
    "what is to be published",
    problems,
    "docs/publish-azure.md has every field; ./postern publish azure --help has every flag.",
  );
}

/** A problem is told where its value was written; what nobody wrote, at the flag. */
function placeOf(path: string, { flags, config }: AzureWish): string {
  const flag = (Object.keys(FIELD_FLAGS) as FieldFlag[]).find(
    (one) => path === FIELD_FLAGS[one] || path.startsWith(`${FIELD_FLAGS[one]}[`),
  );
  if (flag !== undefined && (flags[flag] !== undefined || config === undefined)) return flag;
  return `${config ?? "azure"}: azure.${path}`;
}

function withFlags(section: unknown, flags: AzureWish["flags"]): unknown {
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  if (!isGroup(section)) return section;
  const result: Record<string, unknown> = { ...section };
  for (const [flag, value] of given) {
    const [group = "", field] = FIELD_FLAGS[flag as FieldFlag].split(".");
    if (field === undefined) result[group] = value;
    else result[group] = { ...(isGroup(result[group]) ? result[group] : {}), [field]: value };
  }
  return result;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
