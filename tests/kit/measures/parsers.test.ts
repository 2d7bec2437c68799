import test from "ava";
import { parseExposure } from "../../boot/measures/exposure.ts";
import { parseLynis } from "../../boot/measures/lynis.ts";
import { parseOpenPorts, parseUdpListeners, scannedPorts } from "../../boot/measures/ports.ts";
import { parseOscap, scapFigure } from "../../boot/measures/scap.ts";
import { parseSshAudit } from "../../boot/measures/sshaudit.ts";

test("lynis' report gives its index, and what it warns of and suggests", (t) => {
  const report = parseLynis(
    [
      "# Lynis Report",
      "hardening_index=87",
      "lynis_tests_done=251",
      "warning[]=BOOT-5122|Set a password on GRUB|-|-|",
      "suggestion[]=HRDN-7230|Install a malware scanner|-|-|",
      "suggestion[]=KRNL-6000|One or more sysctl values differ||",
      "partial_points[]=HRDN-7230|1 of 3",
    ].join("\n"),
  );
  t.deepEqual(report, {
    index: 87,
    tests: 251,
    warnings: ["BOOT-5122: Set a password on GRUB"],
    suggestions: ["HRDN-7230: Install a malware scanner", "KRNL-6000: One or more sysctl values differ"],
    partial: ["HRDN-7230: 1 of 3"],
  });
  t.throws(() => parseLynis("# Lynis Report\nauditor=x\n"), { message: /no index/ });
});

test("the exposure of several units, whatever face stands behind it", (t) => {
  const text =
    "x NoNewPrivileges= 0.1\n\u2192 Overall exposure level for squid.service: 1.5 OK \u{1f642}\n\n" +
    "\u2192 Overall exposure level for postern-console@tty1.service: 9 UNSAFE \u{1f628}\n";
  t.deepEqual(
    [...parseExposure(text)],
    [
      ["squid.service", 1.5],
      ["postern-console@tty1.service", 9],
    ],
  );
});

test("open ports of nmap's greppable output, and how many it tried", (t) => {
  const text = [
    "# Nmap 7.95 scan initiated",
    "# Ports scanned: TCP(65535;1-65535) UDP(0;) SCTP(0;) PROTOCOLS(0;)",
    "Host: 198.51.100.20 ()\tStatus: Up",
    "Host: 198.51.100.20 ()\tPorts: 22/open/tcp//ssh///, 80/closed/tcp//http///, 53/open|filtered/udp//domain///\tIgnored State: filtered (65533)",
  ].join("\n");
  t.deepEqual(parseOpenPorts(text), ["22/tcp"]);
  t.is(scannedPorts(text), 65_535);
  t.deepEqual(parseOpenPorts("Host: 198.51.100.20 ()\tStatus: Up\n"), []);
  t.is(scannedPorts(""), 0);
});

test("UDP that listens beyond the loopback", (t) => {
  const text = [
    "UNCONN 0      0          127.0.0.1:2101  0.0.0.0:*",
    "UNCONN 0      0      127.0.0.53%lo:53    0.0.0.0:*",
    "UNCONN 0      0              [::1]:323      [::]:*",
    "UNCONN 0      0            0.0.0.0:123   0.0.0.0:*",
    "UNCONN 0      0                  *:5353        *:*",
    "",
  ].join("\n");
  t.deepEqual(parseUdpListeners(text), ["0.0.0.0:123", "*:5353"]);
});

const RULE = "Rule\txccdf_org.ssgproject.content_rule_";
const rules = (...results: [string, string][]): string =>
  results
    .map(([rule, result]) => `Title\tAbout ${rule}\r\n${RULE}${rule}\r\nIdent\tx\nResult\r\t${result}\n`)
    .join("\n");

test("rules of oscap, and the part of them that passed", (t) => {
  const results = parseOscap(
    rules(["a_b", "pass"], ["c_d", "fail"], ["e_f", "notapplicable"], ["g_h", "pass"], ["i_j", "notchecked"]),
  );
  t.deepEqual(results[0], { rule: "a_b", title: "About a_b", result: "pass" });
  const { percent, counts, failed } = scapFigure(results);
  t.is(percent, 66.6, "never rounded up");
  t.deepEqual(counts, { pass: 2, fail: 1, notapplicable: 1, notchecked: 1 });
  t.deepEqual(failed, ["fail: c_d (About c_d)"]);
});

test("a rule that could not be judged counts against the figure, and no rule at all is no figure", (t) => {
  t.is(scapFigure(parseOscap(rules(["a_b", "pass"], ["c_d", "error"], ["e_f", "unknown"]))).percent, 33.3);
  t.throws(() => scapFigure(parseOscap(rules(["a_b", "notapplicable"]))), {
    message: /nothing was evaluated/,
  });
});

test("what ssh-audit holds against a server", (t) => {
  const text = [
    "(gen) banner: SSH-2.0-OpenSSH_10.0",
    "(kex) curve25519-sha256                     -- [info] available since OpenSSH 7.4",
    "(kex) ecdh-sha2-nistp256                    -- [fail] using elliptic curves that are suspected",
    "(mac) hmac-sha1                             -- [fail] using broken SHA-1",
    "                                            `- [warn] using encrypt-and-MAC mode",
  ].join("\n");
  const { failures, warnings, algorithms } = parseSshAudit(text);
  t.is(failures.length, 2);
  t.is(warnings.length, 1);
  t.is(algorithms, 3);
  t.is(parseSshAudit("cannot connect").algorithms, 0);
});
