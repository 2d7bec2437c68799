import test from "ava";
import { installedNames, parsePolicy, pendingOf } from "../../../../builder/stages/pending/policy.ts";

// As apt 2.6 and 3.0 print it.
const OUTPUT = `libc6:
  Installed: 2.41-12
  Candidate: 2.41-12+deb13u2
  Version table:
     2.41-12+deb13u2 500
        500 http://archive.example/debian trixie-updates/main amd64 Packages
     2.41-12+deb13u1 500
        500 http://archive.example/debian-security trixie-security/main amd64 Packages
 *** 2.41-12 500
        500 http://archive.example/debian trixie/main amd64 Packages
        100 /x/var/lib/dpkg/status
nano:
  Installed: 8.4-1
  Candidate: 8.4-1
  Version table:
     8.5-1 -10
        -10 http://archive.example/debian-security trixie-security/main amd64 Packages
 *** 8.4-1 500
        500 http://archive.example/debian trixie/main amd64 Packages
        100 /x/var/lib/dpkg/status
postern-netcat:
  Installed: 1
  Candidate: 1
  Version table:
 *** 1 100
        100 /x/var/lib/dpkg/status
gone:
  Installed: (none)
  Candidate: 1
  Version table:
     1 500
        500 http://archive.example/debian trixie/main amd64 Packages
tzdata:
  Installed: 2025b-4
  Candidate: 2025b-5
  Version table:
     2025b-5 500 (phased 10%)
        500 http://archive.example/debian trixie-updates/main amd64 Packages
 *** 2025b-4 500
        500 http://archive.example/debian trixie/main amd64 Packages
        100 /x/var/lib/dpkg/status
`;

test("every version of the table is read with the suites that have it", (t) => {
  const policies = parsePolicy(OUTPUT);
  t.deepEqual(
    policies.map(({ name }) => name),
    ["libc6", "nano", "postern-netcat", "tzdata"],
  );
  t.deepEqual(policies[0]?.versions, [
    { version: "2.41-12+deb13u2", suites: ["trixie-updates"] },
    { version: "2.41-12+deb13u1", suites: ["trixie-security"] },
    { version: "2.41-12", suites: ["trixie"] },
  ]);
});

test("a fix that a newer version elsewhere hides is a security update; what a pin refuses is none", (t) => {
  t.deepEqual(pendingOf(parsePolicy(OUTPUT), "trixie-security"), [
    { name: "libc6", installed: "2.41-12", available: "2.41-12+deb13u2", security: true },
    { name: "tzdata", installed: "2025b-4", available: "2025b-5", security: false },
  ]);
});

test("only what dpkg calls installed counts", (t) => {
  const status = [
    "Package: b\nStatus: install ok installed\n",
    "Package: a\nStatus: hold ok installed\n",
    "Package: c\nStatus: deinstall ok config-files\n",
    "Package: d\nStatus: install ok half-installed\n",
  ].join("\n");
  t.deepEqual(installedNames(status), ["a", "b"]);
});
