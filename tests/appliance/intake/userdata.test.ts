import { gzipSync } from "node:zlib";
import test from "ava";
import fc from "fast-check";
import { settingsInUserData } from "../../../appliance/intake/userdata.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { SMALLEST } from "../settings/fixtures.ts";

const CLIENTS = [{ cidr: "10.20.0.0/16" }];
const INDENTED = SMALLEST.replaceAll(/^/gm, "  ").trimEnd();
const CONFIG = `#cloud-config\nssh_pwauth: false\npostern:\n${INDENTED}\n`;

/** A message as `cloud-init devel make-mime` writes it. */
function mime(parts: readonly (readonly [type: string, text: string])[], encoding = "base64"): string {
  const sections = parts.map(([type, text]) => {
    const body =
      encoding === "base64" ? Buffer.from(text).toString("base64").replaceAll(/.{76}/g, "$&\n") : text;
    return `--===============1=="\nContent-Type: text/${type}; charset="utf-8"\nMIME-Version: 1.0\nContent-Transfer-Encoding: ${encoding}\nContent-Disposition: attachment; filename="a"\n\n${body}\n`.replace(
      '1=="',
      "1==",
    );
  });
  return `Content-Type: multipart/mixed;\n boundary="===============1=="\nMIME-Version: 1.0\nNumber-Attachments: ${parts.length}\n\n${sections.join("")}--===============1==--\n`;
}

const FORMS: readonly (readonly [how: string, data: string | Buffer])[] = [
  ["a cloud-config with a map", CONFIG],
  ["a cloud-config with a text", `#cloud-config\npostern: |\n${INDENTED}\n`],
  [
    "a cloud-config in JSON",
    '#cloud-config\n{"postern": {"schema": 1, "clients": [{"cidr": "10.20.0.0/16"}]}}',
  ],
  ["a cloud-config with Windows line ends", CONFIG.replaceAll("\n", "\r\n")],
  ["the file itself", `#postern\n${SMALLEST}`],
  ["the file itself, packed", gzipSync(`#postern\n${SMALLEST}`)],
  [
    "a part of a message",
    mime([
      ["x-shellscript", "#!/bin/sh\npostern: x\n"],
      ["cloud-config", CONFIG],
    ]),
  ],
  [
    "a part of our own type",
    mime([
      ["cloud-config", "#cloud-config\n{}\n"],
      ["x-postern", SMALLEST],
    ]),
  ],
  ["a plain part", mime([["plain", CONFIG]], "7bit")],
  ["a quoted part", mime([["x-postern", SMALLEST.replaceAll(":", "=3A")]], "quoted-printable")],
  ["a packed message", gzipSync(mime([["cloud-config", CONFIG]]))],
  ["a message with Windows line ends", mime([["cloud-config", CONFIG]], "8bit").replaceAll("\n", "\r\n")],
];

for (const [how, data] of FORMS) {
  test(`settings come in as ${how}`, (t) => {
    const { settings, notes } = settingsInUserData(Buffer.from(data));

    t.deepEqual(notes, []);
    t.deepEqual(parseSettings(settings ?? "", "user data").clients, CLIENTS);
  });
}

test("a message within a message", (t) => {
  const inner = mime([["cloud-config", CONFIG]], "7bit");
  const message = `Content-Type: multipart/mixed; boundary=outer\n\n--outer\n${inner}\n--outer--\n`;

  t.truthy(settingsInUserData(Buffer.from(message)).settings);
});

test("what YAML 1.1 would spoil stays: off, no, and a MAC address of digits alone", (t) => {
  const network = "  network: { mac: 52:54:00:12:34:56, ipv6: { mode: off } }\n  keyboard: { layout: no }\n";
  const { settings } = settingsInUserData(Buffer.from(`${CONFIG}${network}`));
  const { network: read, keyboard } = parseSettings(settings ?? "", "user data");

  t.like(read, { mac: "52:54:00:12:34:56", ipv6: { mode: "off" } });
  t.is(keyboard.layout, "no");
});

const OTHERS: readonly (readonly [why: string, data: string | Buffer, note: RegExp | undefined])[] = [
  ["nothing", "", undefined],
  ["a script", "#!/bin/sh\necho postern: x\n", undefined],
  ["a cloud-config about something else", "#cloud-config\npackages: [vim]\n", undefined],
  ["an empty field", "#cloud-config\npostern:\n", undefined],
  ["a template", `## template: jinja\n${CONFIG}`, /template/],
  ["a cloud-config that is no YAML", "#cloud-config\npostern: [\n", /no YAML/],
  ["a packed file that is none", Buffer.from([0x1f, 0x8b, 1, 2, 3]), /cannot be read/],
  ["a packed file that grows without end", gzipSync(Buffer.alloc(3_000_000)), /cannot be read/],
  [
    "an alias into the rest",
    "#cloud-config\na: &x {schema: 1}\npostern: { clients: *x }\n",
    /cannot be read|./,
  ],
];

for (const [why, data, note] of OTHERS) {
  test(`no settings in: ${why}`, (t) => {
    const { settings, notes } = settingsInUserData(Buffer.from(data));

    if (settings !== undefined) t.throws(() => parseSettings(settings, "user data"));
    if (note !== undefined) t.regex(notes.join("\n"), note);
    else t.deepEqual([settings, notes], [undefined, []]);
  });
}

test("fuzz: any bytes, and messages with something broken", (t) => {
  const message = mime([["cloud-config", CONFIG]], "7bit");
  const spoilt = fc
    .tuple(fc.nat(message.length), fc.string(), fc.nat(60))
    .map(([at, by, length]) => Buffer.from(message.slice(0, at) + by + message.slice(at + length)));
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  const text = fc.string().map((some) => Buffer.from(`#cloud-config\npostern: ${some}`));
  fc.assert(
    fc.property(fc.oneof(spoilt, bytes, text), (data) => {
      const { settings, notes } = settingsInUserData(data);
      return notes.length <= 64 && (settings === undefined || settings.length < 10_000);
    }),
    { numRuns: 800 },
  );
  t.pass();
});

test("deep and long data end in good time", (t) => {
  const start = performance.now();
  for (const data of [
    `#cloud-config\npostern: ${"[".repeat(200_000)}`,
    `#cloud-config\npostern:\n${"- ".repeat(100_000)}`,
    `Content-Type: multipart/mixed; boundary=a\n\n${"--a\n".repeat(200_000)}`,
    `Content-Type: multipart/mixed; boundary=a\n${" x\n".repeat(300_000)}`,
  ]) {
    settingsInUserData(Buffer.from(data));
  }

  t.true(performance.now() - start < 20_000);
});
