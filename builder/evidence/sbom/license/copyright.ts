import { createHash } from "node:crypto";
import { extendedText, type Paragraph, parseDeb822 } from "../deb822.ts";
import type { DeclaredLicense, LicenseText } from "../model.ts";
import { spdxOfShortName } from "./short-names.ts";
import { joinTerms, termsOfSynopsis } from "./synopsis.ts";

/** What a copyright file says, with the texts that its expression refers to. */
export interface Copyright {
  license: DeclaredLicense;
  texts: readonly LicenseText[];
}

/** One word, or one with an exception; anything else is the beginning of a text. */
const SHORT_NAME = /^\S+(?: with .{1,60} exception)?$/i;
const FORMAT = /copyright-format|dep\.debian\.net|dep5/i;

/**
 * The licence that a Debian package declares: all of its source package's files together. A machine-readable file gives
 * an expression; a name that does not say which licence it is becomes a reference to the text given for it. Of any other
 * file the whole text is the licence.
 *
 * @param path of the file, for the comment.
 * @see https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
 */
export function readCopyright(text: string, path: string): Copyright {
  const paragraphs = machineReadable(text);
  if (paragraphs === undefined) {
    const whole = licenseText("copyright", text.trim());
    return {
      license: {
        expression: whole.id,
        comment: `${path} is not machine-readable; it is the text of ${whole.id}`,
      },
      texts: [whole],
    };
  }
  const texts = new Map<string, LicenseText>();
  const [header, ...rest] = paragraphs;
  const files = rest.filter((fields) => fields.has("files"));
  // The header's word is on the whole, and says less than those on the files.
  const said = (files.length > 0 ? files : [header ?? new Map()]).map(licenseOf).filter((one) => one !== "");
  const terms = said.flatMap((license) => termsOf(license, paragraphs, texts));
  if (terms.length === 0) return { license: { comment: `${path} names no licence` }, texts: [] };
  const comment = `all that ${path} names for the files of the source package; some of them may not be in this one`;
  return { license: { expression: joinTerms(terms), comment }, texts: [...texts.values()] };
}

function machineReadable(text: string): Paragraph[] | undefined {
  try {
    const paragraphs = parseDeb822(text);
    return FORMAT.test(paragraphs[0]?.get("format") ?? paragraphs[0]?.get("format-specification") ?? "")
      ? paragraphs
      : undefined;
  } catch {
    return undefined;
  }
}

function termsOf(
  license: string,
  paragraphs: readonly Paragraph[],
  texts: Map<string, LicenseText>,
): string[] {
  const refer = (name: string, text: string): string => {
    const one = licenseText(name, text);
    texts.set(one.id, one);
    return one.id;
  };
  const synopsis = synopsisOf(license);
  const names: string[] = [];
  termsOfSynopsis(synopsis, (name) => String(names.push(name)));
  // No list of names at all: the text begins in the first line.
  if (!names.every((name) => SHORT_NAME.test(name))) {
    return [refer("unnamed", `${synopsis}\n${extendedText(license)}`.trim())];
  }
  return termsOfSynopsis(
    synopsis,
    (name) => spdxOfShortName(name) ?? refer(name, textOf(name, license, paragraphs)),
  );
}

/** The text for a name: its own paragraph's, else that which stands below the name, here or where it first does. */
function textOf(name: string, license: string, paragraphs: readonly Paragraph[]): string {
  const wanted = name.toLowerCase();
  const standing = paragraphs.filter((fields) => !fields.has("files")).map(licenseOf);
  const own = standing.find((one) => synopsisOf(one).toLowerCase() === wanted) ?? "";
  const first = paragraphs
    .map(licenseOf)
    .find((one) => synopsisOf(one) === synopsisOf(license) && extendedText(one) !== "");
  return (
    extendedText(own) ||
    extendedText(license) ||
    extendedText(first ?? "") ||
    `No text is given for "${name}".`
  );
}

function licenseOf(fields: Paragraph): string {
  return fields.get("license") ?? "";
}

function synopsisOf(license: string): string {
  return (license.split("\n", 1)[0] ?? "").trim();
}

/** The same name and text give the same reference in every package. */
function licenseText(name: string, text: string): LicenseText {
  const digest = createHash("sha256").update(`${name}\0${text}`).digest("hex").slice(0, 12);
  const slug = name.replace(/[^A-Za-z0-9.]+/g, "-").replace(/^-+|-+$/g, "");
  return { id: `LicenseRef-debian-${slug.slice(0, 40)}-${digest}`, name, text };
}
