import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import test from "ava";
import { aptText, upgradeTimer } from "../../../appliance/updates/apt.ts";
import { shippedSources, sourceFiles } from "../../../appliance/updates/archive.ts";
import { opening, restartTime } from "../../../appliance/updates/window.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";

const runFile = promisify(execFile);
const DIRECT = { privateDestinations: [], sniCheck: false };

for (const [window, opens, restarts] of [
  ["02:00-04:00", "*-*-* 02:00:00", "03:45"],
  ["Sat,Sun 02:00-04:00", "Sat,Sun *-*-* 02:00:00", "03:45"],
  ["23:00-00:10", "*-*-* 23:00:00", "23:55"],
  ["Mon 22:30-00:00", "Mon *-*-* 22:30:00", "23:45"],
] as const) {
  test(`the window ${window} opens at ${opens} and restarts at ${restarts}`, (t) => {
    t.is(opening(window), opens);
    t.is(restartTime(window), restarts);
  });
}

test("without a window nothing restarts, and with updates off nothing happens", (t) => {
  t.regex(aptText({ mode: "security" }, DIRECT), /Automatic-Reboot "false"/);
  t.is(upgradeTimer({ mode: "security" }), undefined);
  const off = aptText({ mode: "off", window: "02:00-04:00" }, DIRECT);
  t.regex(off, /Unattended-Upgrade "0"/);
  t.regex(off, /Automatic-Reboot "false"/);
  t.is(upgradeTimer({ mode: "off", window: "02:00-04:00" }), undefined);
});

test("apt goes out as Squid does, but asks a mirror of its own directly", (t) => {
  const upstream = { host: "fd00::8", port: 8080 };
  const text = aptText(
    { mode: "security", mirror: "https://mirror.corp.example/debian" },
    { ...DIRECT, upstream },
  );

  t.regex(text, /^Acquire::http::Proxy "http:\/\/\[fd00::8\]:8080";$/m);
  t.regex(text, /^Acquire::https::Proxy::mirror\.corp\.example "DIRECT";$/m);
});

const ONE_LINE = `# our mirror
deb [arch=amd64 signed-by="/usr/share/keyrings/debian-archive-keyring.gpg"] http://deb.example/debian trixie main
deb http://deb.example/debian trixie-updates main
deb http://security.example/debian-security trixie-security main
`;
const DEB822 = `Types: deb
URIs: http://archive.example/ubuntu
Suites: noble noble-updates
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

# security
Types: deb
URIs: http://security.example/ubuntu
Suites: noble-security
Components: main universe
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEYCQ
 -----END PGP PUBLIC KEY BLOCK-----
`;

test("a mirror takes the archive's place, with its suites, components and keys", (t) => {
  const shipped = [
    { path: "/etc/apt/sources.list", content: ONE_LINE },
    { path: "/etc/apt/sources.list.d/postern.sources", content: DEB822 },
  ];

  const files = sourceFiles(shipped, "https://mirror.corp.example/debian");

  t.deepEqual(
    files.map(({ path, content }) => [path, content === undefined]),
    [
      ["/etc/apt/sources.list", true],
      ["/etc/apt/sources.list.d/postern.sources", true],
      ["/etc/apt/sources.list.d/postern-mirror.sources", false],
    ],
  );
  t.is(
    files.at(-1)?.content,
    `# Made by posternctl from /etc/postern/settings.yaml; changes here are lost.
Types: deb
URIs: https://mirror.corp.example/debian
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://mirror.corp.example/debian
Suites: trixie-updates
Components: main

Types: deb
URIs: https://mirror.corp.example/debian-security
Suites: trixie-security
Components: main

Types: deb
URIs: https://mirror.corp.example/debian
Suites: noble noble-updates
Components: main universe
Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

Types: deb
URIs: https://mirror.corp.example/debian
Suites: noble-security
Components: main universe
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEYCQ
 -----END PGP PUBLIC KEY BLOCK-----
`,
  );
});

test("without a mirror the shipped lists are as they came, and none is invented", async (t) => {
  const machine = makeMachine(tempFolder(t));
  t.deepEqual(await shippedSources(machine), []);
  lay(machine.paths.root, "/usr/lib/postern/apt/etc/apt/sources.list", ONE_LINE);
  lay(machine.paths.root, "/usr/lib/postern/apt/etc/apt/sources.list.d/postern.sources", DEB822);

  const shipped = await shippedSources(machine);

  t.deepEqual(sourceFiles(shipped, undefined), [
    { path: "/etc/apt/sources.list", content: ONE_LINE },
    { path: "/etc/apt/sources.list.d/postern.sources", content: DEB822 },
    { path: "/etc/apt/sources.list.d/postern-mirror.sources", content: undefined },
  ]);
  t.deepEqual(sourceFiles([], "https://mirror.corp.example/debian"), [
    { path: "/etc/apt/sources.list.d/postern-mirror.sources", content: undefined },
  ]);
});

testWith(["apt-get"])("the real apt asks the mirror for every suite", async (t) => {
  const folder = tempFolder(t);
  const list = join(folder, "mirror.sources");
  const shipped = [{ path: "/etc/apt/sources.list", content: ONE_LINE }];
  writeFileSync(list, sourceFiles(shipped, "http://mirror.corp.example/debian").at(-1)?.content ?? "");

  const only = ["-o", `Dir::Etc::SourceList=${list}`, "-o", "Dir::Etc::SourceParts=/dev/null"];
  const { stdout } = await runFile("apt-get", ["update", "--print-uris", ...only], { env: TOOL_ENV });

  t.deepEqual([...stdout.matchAll(/^'([^']+)\/InRelease'/gm)].map(([, url]) => url).sort(), [
    "http://mirror.corp.example/debian-security/dists/trixie-security",
    "http://mirror.corp.example/debian/dists/trixie",
    "http://mirror.corp.example/debian/dists/trixie-updates",
  ]);
});
