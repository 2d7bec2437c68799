import spdxIds from "spdx-license-list/simple.js";

/** SPDX's ids by their lower case. */
const IDS = new Map([...spdxIds].map((id) => [id.toLowerCase(), id]));

/** Short names that the copyright format defines, and that are not SPDX's own. */
const DEFINED: Readonly<Record<string, string>> = {
  expat: "MIT",
  "bsd-2-clause": "BSD-2-Clause",
  "bsd-3-clause": "BSD-3-Clause",
  "bsd-4-clause": "BSD-4-Clause",
  // Not defined there; SPDX only spells it in another way.
  "openldap-2.8": "OLDAP-2.8",
};

/** Exceptions that have one text and one SPDX id. Autoconf's and Bison's have several, so their name says too little. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "libtool exception": "Libtool-exception",
  "linux-syscall-note exception": "Linux-syscall-note",
  "llvm exception": "LLVM-exception",
  "classpath exception": "Classpath-exception-2.0",
};

const GNU = /^(agpl|lgpl|gpl|gfdl)(-niv)?-?v?(\d(?:\.\d)?)(\+|-only|-or-later)?$/;

/**
 * The SPDX expression for a licence's short name in a Debian copyright file, or nothing where the name does not say
 * which licence it is: no version, several texts of that name, or a name of the author's own.
 *
 * @see https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-short-name
 */
export function spdxOfShortName(name: string): string | undefined {
  const [license = "", ...rest] = name.trim().split(/\s+with\s+/i);
  const plain = spdxOfLicense(license.toLowerCase());
  if (plain === undefined || rest.length === 0) return plain;
  const exception = rest.length === 1 ? EXCEPTIONS[(rest[0] ?? "").toLowerCase()] : undefined;
  return exception === undefined ? undefined : `${plain} WITH ${exception}`;
}

function spdxOfLicense(name: string): string | undefined {
  const gnu = gnuLicense(name);
  if (gnu !== undefined) return IDS.get(gnu.toLowerCase());
  const [, stem = "", plus = ""] = /^(.*?)(\+?)$/.exec(name) ?? [];
  const id = DEFINED[stem] ?? IDS.get(stem) ?? IDS.get(`${stem}.0`);
  return id === undefined ? undefined : `${id}${plus}`;
}

/** `GPL-2+` is `GPL-2.0-or-later`; SPDX's short forms of these are deprecated. */
function gnuLicense(name: string): string | undefined {
  const [, family, invariant, version, later] = GNU.exec(name) ?? [];
  if (family === undefined || version === undefined) return undefined;
  const number = version.includes(".") ? version : `${version}.0`;
  const only = later === "+" || later === "-or-later" ? "or-later" : "only";
  return `${family}-${number}${invariant === undefined ? "" : "-no-invariants"}-${only}`;
}

/** Whether a text is the id of one licence on SPDX's list. */
export function isSpdxId(text: string): boolean {
  return spdxIds.has(text);
}
