import test from "ava";
import fc from "fast-check";
import { PosternError } from "../../../appliance/error.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import type { Settings } from "../../../appliance/settings/settings.ts";
import { settingsText } from "../../../appliance/settings/text.ts";
import { settingsArbitrary } from "../kit/arbitrary.ts";
import { bombs } from "./bombs.ts";
import { CERTIFICATE, SMALLEST, YESCRYPT } from "./fixtures.ts";

/** The settings, or the one error there may be. Everything else is thrown on. */
function read(text: string): Settings | PosternError {
  try {
    return parseSettings(text, "settings.yaml");
  } catch (error) {
    if (error instanceof PosternError && error.code === "input.settings") return error;
    throw error;
  }
}

function messageOf(text: string): string {
  const result = read(text);
  return result instanceof PosternError ? result.message : "";
}

/** Lines with path, expected and got; nothing that a terminal would obey; not endless. */
const MESSAGE = /^settings\.yaml: \d+ problems?(\n {2}[^\n]+: [^\n]+; got [^\n]*)+(\n {2}and \d+ more)?$/;
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u;

function looksRight(text: string): string | undefined {
  const result = read(text);
  if (result instanceof PosternError) {
    if (!MESSAGE.test(result.message)) return `form: ${result.message}`;
    if (!result.message.split("\n").every((line) => PRINTABLE.test(line)))
      return `control: ${result.message}`;
    return result.message.length > 20_000 ? "endless" : undefined;
  }
  const again = read(settingsText(result));
  return again instanceof PosternError ? `not the same again: ${again.message}` : undefined;
}

const WORDS = fc.constantFrom(
  ...[
    "schema: 1",
    "clients:",
    "  - cidr: 10.0.0.0/8",
    "hostname: ",
    "network:",
    "admin:",
    "- ",
    "? ",
    ": ",
    "&a ",
    "*a",
  ],
  ...[
    "!!str ",
    "!<x> ",
    "<<: ",
    "__proto__: ",
    "constructor:",
    "toString: 1",
    "[",
    "]",
    "{",
    "}",
    ",",
    "|",
    ">",
    "|-\n",
  ],
  ...[
    "'",
    '"',
    "#",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "  ",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "~",
    "null",
    "\\",
  ],
  ...[
    "0x1",
    "1e999",
    ".nan",
    "-.inf",
    "0o17",
    "9".repeat(400),
    "true",
    "2026-01-01",
    "\u0000",
    "\u001b[2J",
    "\u202e",
  ],
  ...[
    "\ufeff",
    "\u2028",
    "\u0085",
    "\ud800",
    "\udfff",
    "\u{1f600}",
    "\u00a0",
    "a".repeat(300),
    "0.0.0.0/0",
    "::/0",
  ],
);

const soup = fc.array(fc.oneof(WORDS, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 60 });

/** A settings file that something went over: bytes taken out, put in, lines moved, indentation lost. */
const mutated = fc
  .tuple(
    settingsArbitrary.map(settingsText),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.oneof(WORDS, fc.constant(""))), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 2 }),
  )
  .map(([text, splices, moves]) => {
    const lines = text.split("\n");
    for (const [from, to] of moves)
      lines.splice(to % lines.length, 0, ...lines.splice(from % lines.length, 1));
    return splices.reduce((now, [at, length, word]) => {
      const place = at % (now.length + 1);
      return now.slice(0, place) + word + now.slice(place + length);
    }, lines.join("\n"));
  });

const TEXTS: [string, fc.Arbitrary<string>][] = [
  ["any characters", fc.string({ unit: "binary", maxLength: 400 })],
  ["pieces of YAML", soup.map((all) => all.join(""))],
  ["pieces of YAML below a right beginning", soup.map((all) => `${SMALLEST}${all.join("")}`)],
  ["values in fields", soup.map((all) => `${SMALLEST}hostname: ${all.join("")}\n`)],
  ["a damaged settings file", mutated],
];
for (const [title, texts] of TEXTS) {
  test(`settings, or one readable error: ${title}`, (t) => {
    fc.assert(
      fc.property(texts, (text) => {
        t.is(looksRight(text), undefined);
      }),
      { numRuns: 500 },
    );
    t.deepEqual(Object.keys(Object.prototype), []);
    t.is(Reflect.get({}, "hostname"), undefined);
  });
}

test("JSON of any shape is settings or one readable error", (t) => {
  const json = fc.json({ maxDepth: 8, stringUnit: "binary" });
  fc.assert(
    fc.property(json, fc.constantFrom("clients", "network", "admin", "defender", "x"), (value, field) => {
      t.is(looksRight(`{"schema": 1, "${field}": ${value}}`), undefined);
    }),
    { numRuns: 300 },
  );
});

for (const [title, text] of Object.entries(bombs())) {
  test(`bounded work: ${title}`, (t) => {
    const start = process.threadCpuUsage();

    const problem = looksRight(text);

    const { user, system } = process.threadCpuUsage(start);
    t.is(problem, undefined);
    t.true(user + system < 5_000_000, `${(user + system) / 1000} ms of processor time`);
  });
}

test("the largest settings there are pass", (t) => {
  const clients = Array.from(
    { length: 1024 },
    (_, index) =>
      `  # number ${index}\n  - cidr: 10.${index >> 8}.${index & 255}.0/24 # here\n    label: site ${index}\n`,
  );

  const result = read(`schema: 1\nclients:\n${clients.join("")}`);

  t.is(result instanceof PosternError ? result.message : result.clients.length, 1024);
});

const MISTAKES: Readonly<Record<string, string>> = {
  hostname: "hostname: a_b",
  "keyboard.layout": "keyboard: { layout: '!' }",
  "network.mtu": "network: { mtu: 70000 }",
  "clients[1].cidr": "clients: [{ cidr: 10.0.0.0/8 }, { cidr: 10.20.0.5/16 }]",
  "admin.sshKeys[0]": "admin: { sshKeys: [ssh-rsa x] }",
  "defender.extra[0].ports[1]": "defender: { extra: [{ host: a.example, ports: [443, 0] }] }",
  "proxy.upstream.port": "proxy: { upstream: { host: a.example } }",
  "time.zone": "time: { zone: Mars/Base }",
  "logging.syslog.host": "logging: { syslog: { host: '' } }",
  "updates.window": "updates: { window: sometimes }",
  fobnicate: "fobnicate: 1",
};

test("all problems come at once, and no others", (t) => {
  fc.assert(
    fc.property(fc.subarray(Object.keys(MISTAKES), { minLength: 1 }), (paths) => {
      const lines = paths.map((path) => MISTAKES[path] ?? "");
      const clients = paths.includes("clients[1].cidr") ? [] : ["clients: [{ cidr: 10.0.0.0/8 }]"];
      const message = messageOf(["schema: 1", ...clients, ...lines].join("\n"));
      const told = [...message.matchAll(/^ {2}(\S+): .*; got /gm)].map(([, path]) => path);
      t.deepEqual(told.sort(), [...paths].sort());
    }),
  );
});

test("who has hundreds of problems is told of the first ones and how many there are", (t) => {
  const message = messageOf(
    `${SMALLEST}${Array.from({ length: 300 }, (_, index) => `x${index}: 1\n`).join("")}`,
  );

  t.regex(message, /^settings\.yaml: 300 problems\n/);
  t.regex(message, /\n {2}and 250 more$/);
});

const KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\\nb3BlbnNzaC1rZXk";
const TAIL = "wwwwwwww";

test("a hash or a private key is not shown, wherever it stands", (t) => {
  const places = ["hostname", "network", "time", "x", "clients", "admin"];
  for (const secret of [YESCRYPT, `$6$salt$${"w".repeat(86)}`, `${KEY}${"w".repeat(40)}`]) {
    for (const place of places) {
      for (const value of [
        `"${secret}"`,
        `["${secret}"]`,
        `{ a: "${secret}" }`,
        `{ a: { b: ["${secret}"] } }`,
      ]) {
        const message = messageOf(`schema: 1\n${place}: ${value}\n`);
        t.regex(message, /problem/);
        t.false(message.includes(TAIL), message);
        t.false(message.includes("b3Blb"), message);
      }
    }
  }
});

const SECRETS_IN_TROUBLE = [
  'admin: { passwordHash: "hunter2hunter2',
  "admin: { passwordHash: hunter2hunter2 hunter2hunter2",
  'admin: { passwordHash: "a" hunter2hunter2 }',
  "admin:\n  passwordHash: |hunter2hunter2\n",
  "admin:\n  passwordHash: !hunter2hunter2 x\n",
  "admin:\n passwordHash: *hunter2hunter2\n",
  "admin:\n  passwordHash: @hunter2hunter2\n",
  'admin:\n  passwordHash: "\\qhunter2hunter2"\n',
  "admin:\n  passwordHash:\n  - hunter2hunter2\n",
  "admin: [{ passwordHash: hunter2hunter2 }]",
  "password: hunter2hunter2",
  "admin: { pwd: hunter2hunter2 }",
  "admin: { passphrase: { x: hunter2hunter2 } }",
  "token: [hunter2hunter2]",
];
for (const line of SECRETS_IN_TROUBLE) {
  test(`a secret in trouble is not shown: ${line.split("\n").join(" ")}`, (t) => {
    const message = messageOf(`${SMALLEST}${line}`);

    t.regex(message, /problem/);
    t.notRegex(message, /hunter2/);
  });
}

test("a name that would move the cursor is shown in letters", (t) => {
  const message = messageOf(`${SMALLEST}"\\e[2J\\u202e\\x9b": 1\n"${"n".repeat(200)}": 1\n`);

  t.regex(message, / {2}"\\u001b\[2J\\u\{202e\}\\u\{9b\}": no such field here; got 1/);
  t.regex(message, / {2}n{57}\.\.\.: no such field here/);
});

test("what is public is shown", (t) => {
  t.regex(
    messageOf(
      `${SMALLEST}logging: { syslog: { host: a.example, protocol: udp, ca: ${JSON.stringify(CERTIFICATE)} } }`,
    ),
    /no ca with/,
  );
  t.regex(messageOf(`${SMALLEST}hostname: Gebäude_4\n`), /got "Gebäude_4"/);
});
