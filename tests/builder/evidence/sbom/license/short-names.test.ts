import test from "ava";
import { spdxOfShortName } from "../../../../../builder/evidence/sbom/license/short-names.ts";

const KNOWN = {
  Expat: "MIT",
  MIT: "MIT",
  "GPL-2": "GPL-2.0-only",
  "GPL-2.0": "GPL-2.0-only",
  "GPL-2+": "GPL-2.0-or-later",
  "GPL-3.0-or-later": "GPL-3.0-or-later",
  "GPLv3+": "GPL-3.0-or-later",
  "LGPL-2.1+": "LGPL-2.1-or-later",
  "AGPL-3": "AGPL-3.0-only",
  "GFDL-1.3+": "GFDL-1.3-or-later",
  "GFDL-NIV-1.3+": "GFDL-1.3-no-invariants-or-later",
  "BSD-3-clause": "BSD-3-Clause",
  "Apache-2": "Apache-2.0",
  "Apache-2.0": "Apache-2.0",
  "MPL-1.1+": "MPL-1.1+",
  ZLIB: "Zlib",
  "OpenLDAP-2.8": "OLDAP-2.8",
  "GPL-2 with Linux-syscall-note exception": "GPL-2.0-only WITH Linux-syscall-note",
  "Apache-2.0 with LLVM exception": "Apache-2.0 WITH LLVM-exception",
} as const;

for (const [name, id] of Object.entries(KNOWN)) {
  test(`${name} is ${id}`, (t) => {
    t.is(spdxOfShortName(name), id);
  });
}

// No version, several texts of one name, the author's own name, a version that never was, or no name at all.
for (const name of [
  ...["GPL", "LGPL", "Apache", "BSD", "Artistic", "public-domain", "other", "GPL-any", "GPL-9", "LGPL-2.5"],
  ...["BSD-3-clause-Oracle", "GPL-3+ with Bison exception", "GPL-2+ with Autoconf exception", ""],
  "GPL-2 with Libtool exception with LLVM exception",
]) {
  test(`"${name}" does not say which licence it is`, (t) => {
    t.is(spdxOfShortName(name), undefined);
  });
}
