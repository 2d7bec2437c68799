import test from "ava";
import { loadBase } from "../../../../builder/recipe/base.ts";
import type { BaseId } from "../../../../builder/recipe/recipe.ts";
import {
  buildArgs,
  debLines,
  otherLines,
  preferencesText,
  simulateArgs,
  sourcesText,
} from "../../../../builder/stages/base/command.ts";

const FILES = {
  node: "/scratch dir/node",
  early: "/scratch dir/early.tar",
  customize: "/postern/customize.sh",
  packageList: "/out/packages.tsv",
  tar: "/out/root.tar",
};

const COMMON = [
  "--variant=apt",
  "--architectures=amd64",
  "--components=main,universe",
  '--aptopt=APT::Install-Recommends "false"',
  '--aptopt=Acquire::Retries "3"',
  '--aptopt=Acquire::http::Timeout "20"',
  '--aptopt=Acquire::https::Timeout "20"',
  "--dpkgopt=/scratch/filters",
];

const UBUNTU: [id: BaseId, codename: string][] = [
  ["ubuntu-24.04", "noble"],
  ["ubuntu-26.04", "resolute"],
];

for (const [id, codename] of UBUNTU) {
  test(`${id} asks mmdebstrap exactly this`, async (t) => {
    const base = await loadBase(id);
    const preferences = base.pins.length > 0 ? "/scratch/postern.pref" : undefined;

    const args = buildArgs(
      {
        base,
        packages: ["squid", "ufw"],
        keyring: "/keys/ubuntu.gpg",
        filters: "/scratch/filters",
        preferences,
      },
      { ...FILES, sources: "/scratch/postern.sources" },
    );

    t.deepEqual(args, [
      "--format=tar",
      "--skip=output/dev",
      ...COMMON,
      ...(preferences === undefined
        ? []
        : ["--setup-hook=copy-in /scratch/postern.pref /etc/apt/preferences.d"]),
      "--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr",
      "--keyring=/keys/ubuntu.gpg",
      "--include=squid,ufw",
      "--essential-hook=tar-in '/scratch dir/early.tar' /",
      '--customize-hook=mkdir -p "$1/usr/lib/postern"',
      "--customize-hook=upload '/scratch dir/node' /usr/lib/postern/node",
      "--customize-hook=/postern/customize.sh",
      '--customize-hook=rm -f "$1/etc/apt/sources.list"',
      "--customize-hook=upload /scratch/postern.sources /etc/apt/sources.list.d/postern.sources",
      "--customize-hook=download /usr/lib/postern/packages.tsv /out/packages.tsv",
      codename,
      "/out/root.tar",
      `deb http://archive.ubuntu.com/ubuntu ${codename} main universe`,
      `deb http://archive.ubuntu.com/ubuntu ${codename}-updates main universe`,
      `deb http://security.ubuntu.com/ubuntu ${codename}-security main universe`,
    ]);
  });
}

test("Debian leaves the mirror to mmdebstrap", async (t) => {
  const base = await loadBase("debian-13");

  t.deepEqual(debLines(base, undefined), []);
  t.is(sourcesText(base, undefined), undefined);
  const args = simulateArgs({ base, packages: ["ufw", "squid"], filters: "/scratch/filters" });
  t.deepEqual(args.slice(0, 2), ["--simulate", "--verbose"]);
  t.deepEqual(args.slice(-3), ["--include=squid,ufw", "trixie", "/dev/null"]);
});

test("packages of another archive leave the image's own list as it was", async (t) => {
  const base = await loadBase("debian-13");
  const other = { list: "/scratch/other.list", own: "/scratch dir/own.list" };
  const args = buildArgs(
    { base, packages: ["squid"], filters: "/scratch/filters", other },
    { ...FILES, sources: undefined },
  );
  const setup = args.filter((arg) => arg.startsWith("--setup-hook="));
  t.deepEqual(setup, [
    `--setup-hook=cp "$1/etc/apt/sources.list" '/scratch dir/own.list' && cp /scratch/other.list "$1/etc/apt/sources.list"`,
  ]);
  const back = args.indexOf(`--customize-hook=cp '/scratch dir/own.list' "$1/etc/apt/sources.list"`);
  t.true(back > args.indexOf("--customize-hook=/postern/customize.sh"));
  t.is(args.at(-1), "/out/root.tar", "the base's own lines stay those of the image");
  t.is(
    otherLines(
      base,
      { mirror: "http://old.test/debian/1", securityMirror: "http://old.test/security/1" },
      "/k.gpg",
    ),
    [
      'deb [check-valid-until=no signed-by="/k.gpg"] http://old.test/debian/1 trixie main\n',
      'deb [check-valid-until=no signed-by="/k.gpg"] http://old.test/debian/1 trixie-updates main\n',
      'deb [check-valid-until=no signed-by="/k.gpg"] http://old.test/security/1 trixie-security main\n',
    ].join(""),
  );
});

test("a named mirror serves every pocket, Debian's security beside it", async (t) => {
  const debian = await loadBase("debian-13");
  const ubuntu = await loadBase("ubuntu-24.04");

  t.deepEqual(debLines(debian, "http://mirror.test/debian/"), [
    "deb http://mirror.test/debian/ trixie main",
    "deb http://mirror.test/debian/ trixie-updates main",
    "deb http://mirror.test/debian-security trixie-security main",
  ]);
  t.is(
    debLines(ubuntu, "http://mirror.test/ubuntu").at(-1),
    "deb http://mirror.test/ubuntu noble-security main universe",
  );
});

test("the image's sources name the keyring by its path in the image", async (t) => {
  const base = await loadBase("ubuntu-24.04");

  t.is(
    sourcesText(base, undefined),
    `Types: deb
URIs: http://archive.ubuntu.com/ubuntu
Suites: noble noble-updates
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Types: deb
URIs: http://security.ubuntu.com/ubuntu
Suites: noble-security
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg
`,
  );
});

test("pins become apt preferences", (t) => {
  t.is(preferencesText([]), undefined);
  t.is(
    preferencesText([{ packages: ["a", "b"], priority: -1 }]),
    "Package: a b\nPin: release *\nPin-Priority: -1\n",
  );
});
