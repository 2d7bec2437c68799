import Joi from "joi";
import { check } from "../../../appliance/settings/problem.ts";
import { PosternError } from "../../error.ts";

/** `tree.json` on the medium: what it carries. */
export interface MediumFacts {
  /** Bytes of the squashfs. */
  size: number;
  /** SHA-256 of the squashfs, hex. */
  sha256: string;
  /** Bytes that its files take on a disk with blocks of 4 KiB. */
  unpacked: number;
  version: string;
  base: string;
  /** Seconds since 1970. */
  epoch: number;
  /** 32 hex digits: the marker's name. */
  id: string;
  /** SHA-256 of the EFI system partition, which is no file of the volume. */
  esp: string;
  /** SHA-256 of GRUB's part of the first sector, and of its El Torito image, without what tells where they lie. */
  mbr: string;
  eltorito: string;
}

const hash = Joi.string()
  .pattern(/^[0-9a-f]{64}$/)
  .required()
  .messages({ "*": "a SHA-256 in hex" });
const bytes = Joi.number().integer().min(1).required();
const word = Joi.string()
  .pattern(/^[A-Za-z0-9._+-]{1,64}$/)
  .required()
  .messages({ "*": "letters, digits and . _ + -" });

const schema = Joi.object<MediumFacts>({
  size: bytes,
  sha256: hash,
  unpacked: bytes,
  version: word,
  base: word,
  epoch: Joi.number().integer().min(0).required(),
  id: Joi.string()
    .pattern(/^[0-9a-f]{32}$/)
    .required()
    .messages({ "*": "32 hex digits" }),
  esp: hash,
  mbr: hash,
  eltorito: hash,
});

/** One key on each line, which the boot script relies on. */
export function factsText(facts: MediumFacts): string {
  return `${JSON.stringify(facts, null, 1)}\n`;
}

/** @throws PosternError `artifact.iso` with everything wrong at once. */
export function parseFacts(text: string): MediumFacts {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const checked = check(schema, value);
  if (checked.value !== undefined) return checked.value;
  const words = checked.problems.map(({ path, expected, got }) => `${path}: ${expected}; got ${got}`);
  throw new PosternError({
    code: "artifact.iso",
    message: `tree.json is not what it should be: ${words.join("; ")}`,
    hint: "Fetch the image again, or build it again: ./postern build --formats iso.",
  });
}
