import { mirrorOf, type OtherArchive } from "../../host/archive.ts";
import type { Base, Pin } from "../../recipe/base.ts";

/** Two files for packages that come from another archive than the one that the image names. */
export interface OtherList {
  /** What apt is told meanwhile. */
  list: string;
  /** Where the image's own list waits. */
  own: string;
}

/** Everything mmdebstrap is told. Paths are on the build host. */
export interface BaseCommand {
  base: Base;
  packages: readonly string[];
  mirror?: string | undefined;
  /** Keyring to check the archive with, where it is not the base's own path. */
  keyring?: string | undefined;
  /** File with dpkg path filters; a simulation unpacks nothing and needs none. */
  filters?: string | undefined;
  /** File with apt preferences; absent when the base pins nothing. */
  preferences?: string | undefined;
  /** Files for packages from another archive than the one that the image names. */
  other?: OtherList;
}

/** What a real run adds: the tree's files that come from us, and where its results go. */
export interface BaseFiles {
  /** Stripped Node. */
  node: string;
  /** Tar of what the initrd is made with, there before the kernel comes. */
  early: string;
  /** apt sources for the image; absent: mmdebstrap's own stay. */
  sources?: string | undefined;
  /** Script that finishes the tree. */
  customize: string;
  packageList: string;
  tar: string;
}

/** mmdebstrap's list in the tree, as its hooks name it. */
const LIST = '"$1/etc/apt/sources.list"';

/** Where the appliance keeps its own things. */
export const LIBRARY = "/usr/lib/postern";

/**
 * The deb lines of a base, or none where mmdebstrap's default serves: it picks the mirror by the codename
 * and adds -updates and -security by itself. An unknown codename would get Debian's mirror without a word,
 * hence explicit lines for everything that is not Debian.
 */
export function debLines(base: Base, mirror: string | undefined): string[] {
  const main = mirrorOf(base, mirror);
  if (main === undefined) return [];
  const security =
    mirror === undefined ? (base.archive.securityMirror ?? main) : securityMirror(base, mirror);
  const components = base.components.join(" ");
  return [
    ...base.archive.pockets.map((pocket) => `deb ${main} ${pocket} ${components}`),
    `deb ${security} ${base.archive.securityPocket} ${components}`,
  ];
}

function securityMirror(base: Base, mirror: string): string {
  return `${mirror.replace(/\/$/, "")}${base.archive.securitySuffix}`;
}

/** mmdebstrap's arguments for both the simulation and the real run. */
export function commonArgs(command: BaseCommand): string[] {
  const { base, packages, keyring, filters, preferences, other } = command;
  return [
    "--variant=apt",
    "--architectures=amd64",
    `--components=${base.components.join(",")}`,
    // The three differ in what they recommend; what is wanted is named.
    '--aptopt=APT::Install-Recommends "false"',
    '--aptopt=Acquire::Retries "3"',
    '--aptopt=Acquire::http::Timeout "20"',
    '--aptopt=Acquire::https::Timeout "20"',
    ...(filters === undefined ? [] : [`--dpkgopt=${filters}`]),
    ...(preferences === undefined
      ? []
      : [`--setup-hook=copy-in ${quoteWord(preferences)} /etc/apt/preferences.d`]),
    ...(other === undefined
      ? []
      : [`--setup-hook=cp ${LIST} ${quoteWord(other.own)} && cp ${quoteWord(other.list)} ${LIST}`]),
    // Does nothing where /usr is merged already; Ubuntu 24.04 still relies on it.
    "--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr",
    ...(keyring === undefined ? [] : [`--keyring=${keyring}`]),
    `--include=${[...packages].sort().join(",")}`,
  ];
}

/** The simulation: prints what would be installed, with versions, and touches nothing. */
export function simulateArgs(command: BaseCommand): string[] {
  const lines = debLines(command.base, command.mirror);
  return ["--simulate", "--verbose", ...commonArgs(command), command.base.codename, "/dev/null", ...lines];
}

/** The real run: a tar of the root tree. */
export function buildArgs(command: BaseCommand, files: BaseFiles): string[] {
  const lines = debLines(command.base, command.mirror);
  const upload = (from: string, to: string): string =>
    `--customize-hook=upload ${quoteWord(from)} ${quoteWord(to)}`;
  return [
    "--format=tar",
    // The kernel makes the nodes in /dev at each start, and only root of the whole host could unpack them.
    "--skip=output/dev",
    ...commonArgs(command),
    // Before the kernel's package makes its initrd, so that no second one is made.
    `--essential-hook=tar-in ${quoteWord(files.early)} /`,
    `--customize-hook=mkdir -p "$1${LIBRARY}"`,
    upload(files.node, `${LIBRARY}/node`),
    `--customize-hook=${files.customize}`,
    // Last: until here apt has to know the archive that its lists are from.
    ...(files.sources === undefined
      ? ownList(command)
      : [`--customize-hook=rm -f ${LIST}`, upload(files.sources, "/etc/apt/sources.list.d/postern.sources")]),
    `--customize-hook=download ${LIBRARY}/packages.tsv ${quoteWord(files.packageList)}`,
    command.base.codename,
    files.tar,
    ...lines,
  ];
}

/**
 * The list that mmdebstrap wrote. On a host that does not trust the archive by itself it names the host's keyring
 * in it; the image has its own keys.
 */
function ownList({ other }: BaseCommand): string[] {
  return [
    ...(other === undefined ? [] : [`--customize-hook=cp ${quoteWord(other.own)} ${LIST}`]),
    `--customize-hook=sed -i 's/^deb \\[signed-by=[^]]*\\] /deb /' ${LIST}`,
  ];
}

/** The lines for another archive. Release files of an archive of old versions are past their time. */
export function otherLines(base: Base, other: OtherArchive, keyring: string | undefined): string {
  const signed = keyring === undefined ? "" : ` signed-by="${keyring}"`;
  const components = base.components.join(" ");
  const line = (mirror: string, pocket: string): string =>
    `deb [check-valid-until=no${signed}] ${mirror} ${pocket} ${components}\n`;
  const security = other.securityMirror ?? securityMirror(base, other.mirror);
  return [
    ...base.archive.pockets.map((pocket) => line(other.mirror, pocket)),
    line(security, base.archive.securityPocket),
  ].join("");
}

/** apt preferences of the base's pins, or nothing. */
export function preferencesText(pins: readonly Pin[]): string | undefined {
  if (pins.length === 0) return undefined;
  return pins
    .map(({ packages, priority }) =>
      [`Package: ${packages.join(" ")}`, "Pin: release *", `Pin-Priority: ${priority}`, ""].join("\n"),
    )
    .join("\n");
}

/**
 * deb822 sources for the image, with the keyring by its path in the image. The build's own keyring path
 * must not leak into it.
 */
export function sourcesText(base: Base, mirror: string | undefined): string | undefined {
  const main = mirrorOf(base, mirror);
  if (main === undefined) return undefined;
  const security =
    mirror === undefined ? (base.archive.securityMirror ?? main) : securityMirror(base, mirror);
  const stanza = (uri: string, suites: readonly string[]): string =>
    [
      "Types: deb",
      `URIs: ${uri}`,
      `Suites: ${suites.join(" ")}`,
      `Components: ${base.components.join(" ")}`,
      `Signed-By: ${base.keyring.path}`,
      "",
    ].join("\n");
  return `${stanza(main, base.archive.pockets)}\n${stanza(security, [base.archive.securityPocket])}`;
}

/** mmdebstrap splits the words of its own hooks like a shell. */
function quoteWord(word: string): string {
  return /^[\w./+:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
