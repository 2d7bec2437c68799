import Joi from "joi";
import { readYaml } from "../../settings/parse.ts";
import { check, type Problem } from "../../settings/problem.ts";

/** Which disk is meant; exactly one of them is given. */
export type DiskWish = { serial: string } | { wwn: string } | { path: string };

/** `install.yaml`: an installation that asks nobody. */
export interface InstallFile {
  disk: DiskWish;
  /** Whether the disk must be empty: no partition table, no file system. */
  requireEmpty: boolean;
  /** What comes after. */
  then: "poweroff" | "reboot";
}

/** A handful of lines; what is larger is something else. */
export const LARGEST_INSTALL_FILE = 16 * 1024;

const text = (expected: string): Joi.StringSchema =>
  Joi.string()
    .pattern(/^[\x21-\x7e]+( [\x21-\x7e]+)*$/)
    .max(200)
    .messages({ "*": expected });

const schema = Joi.object<InstallFile>({
  disk: Joi.object({
    serial: text("the disk's serial number, in quotes where it is digits alone"),
    wwn: text("the disk's WWN, such as 0x5000c500a1b2c3d4"),
    path: text("a path below /dev, such as /dev/nvme0n1 or /dev/disk/by-id/...").pattern(
      /^\/dev\/(?!.*\.\.)[\w.:+@/-]+$/,
    ),
  })
    .xor("serial", "wwn", "path")
    .required()
    .messages({
      "any.required": "serial, wwn or path of the disk: nothing is chosen by itself",
      "object.base": "serial, wwn or path of the disk",
      "object.missing": "serial, wwn or path of the disk: nothing is chosen by itself",
      "object.xor": "only one of serial, wwn and path",
    }),
  requireEmpty: Joi.boolean().default(true).messages({ "*": "true or false" }),
  // biome-ignore lint/suspicious/noThenProperty: the file's own word; its value is a text, never a function.
  then: Joi.valid("poweroff", "reboot").default("poweroff").messages({ "*": "poweroff or reboot" }),
})
  .required()
  .messages({ "object.base": "a map of fields", "object.unknown": "disk, requireEmpty, then" });

/** Checks an `install.yaml`. Every problem comes at once; never throws. */
export function readInstallFile(
  content: string,
): { file: InstallFile; problems: [] } | { file: undefined; problems: readonly Problem[] } {
  const { value, problems } = readYaml(content);
  if (problems.length > 0) return { file: undefined, problems };
  const checked = check(schema, value);
  return checked.value === undefined
    ? { file: undefined, problems: checked.problems }
    : { file: checked.value, problems: [] };
}
