import Joi from "joi";
import { check, problemsError } from "../../../appliance/settings/problem.ts";
import type { Hash } from "./model.ts";

/** An npm package as package-lock.json pins it. */
export interface LockedPackage {
  name: string;
  version: string;
  license?: string;
  hashes: readonly Hash[];
}

interface Lock {
  lockfileVersion: 3;
  packages: Readonly<Record<string, { version: string; license?: string; integrity?: string }>>;
}

const schema = Joi.object<Lock>({
  lockfileVersion: Joi.valid(3).required(),
  packages: Joi.object()
    .pattern(
      Joi.string().allow(""),
      Joi.object({ version: Joi.string(), license: Joi.string(), integrity: Joi.string() }).unknown(),
    )
    .required(),
}).unknown();

/**
 * The packages of a lock file by their folders: `node_modules/joi`.
 *
 * @throws PosternError `input.lock` when it is none.
 */
export function parseLock(text: string, file: string): ReadonlyMap<string, LockedPackage> {
  const { value, problems } = check(schema, JSON.parse(text));
  if (value === undefined)
    throw problemsError("input.lock", file, problems, "Run npm ci in a fresh checkout.");
  return new Map(
    Object.entries(value.packages).map(([folder, { version, license, integrity }]) => [
      folder,
      {
        name: folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length),
        version,
        ...(license === undefined ? {} : { license }),
        hashes: hashesOf(integrity),
      },
    ]),
  );
}

/** Subresource integrity (`sha512-<base64>`) as hex; what is not SHA-512 is left out. */
function hashesOf(integrity: string | undefined): Hash[] {
  const [, base64] = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity ?? "") ?? [];
  return base64 === undefined
    ? []
    : [{ algorithm: "SHA-512", value: Buffer.from(base64, "base64").toString("hex") }];
}
