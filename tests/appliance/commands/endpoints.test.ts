import test, { type ExecutionContext } from "ava";
import { serviceLines } from "../../../appliance/commands/endpointlines.ts";
import { run } from "../../../appliance/commands/endpoints.ts";
import { PosternError } from "../../../appliance/error.ts";
import { commandContext } from "../kit/commandcontext.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { SMALLEST } from "../settings/fixtures.ts";

async function call(
  t: ExecutionContext,
  rest: string[],
  flags: string[] = [],
  text: string | undefined = SMALLEST,
) {
  const system = makeMachine(tempFolder(t));
  if (text !== "") lay(system.paths.root, "/var/lib/postern/confirmed.yaml", text);
  const { context, printed } = commandContext(system);
  const code = await run(context, { flags: new Set(flags), values: new Map(), rest });
  return { code, printed };
}

test("the list has every open name with its ports, what asks for it and what it is for", async (t) => {
  const { code, printed } = await call(t, []);

  t.is(code, 0);
  t.regex(printed[0] ?? "", /^7 names are open; catalogue of \d{4}-\d\d-\d\d/);
  t.true(printed.some((line) => /^\.endpoint\.security\.microsoft\.com +443 +mde /.test(line)));
  t.true(printed.some((line) => /^crl\.microsoft\.com +80 +always /.test(line)));
  t.true(printed.every((line) => /^[\x20-\x7e]*$/.test(line)));
});

const SHOWN: [string, RegExp[]][] = [
  [
    ".endpoint.security.microsoft.com",
    [
      /^\.endpoint\.security\.microsoft\.com$/m,
      /Service +.*\(turned on by mde\)/,
      /https:\/\/learn\.microsoft\.com/,
      /Now +open/,
    ],
  ],
  [
    "winatp-gw-weu.microsoft.com",
    [/Tests +GET \/commands\/test gives 200/, /Now +closed: it is for connectivity/],
  ],
  [
    ".blob.core.windows.net",
    [
      /Breadth +it opens the storage of every Azure customer/,
      /Instead +No single account is documented/,
      /it opens the storage of every Azure customer.*, so a service alone does not open it/,
    ],
  ],
  ["contososensorapi.atp.azure.com", [/^\{workspace\}sensorapi\.atp\.azure\.com$/m, /no workspace is named/]],
];
for (const [name, expected] of SHOWN) {
  test(`show ${name}`, async (t) => {
    const { printed } = await call(t, ["show", name]);

    for (const pattern of expected) t.regex(printed.join("\n"), pattern);
  });
}

const EXPLAINED: [string, RegExp[]][] = [
  [
    "https://MDAV.eu.endpoint.security.microsoft.com:443/mdav/test",
    [/^mdav\.eu\.endpoint\.security\.microsoft\.com is allowed on port 443\.$/m, /\(mde\)/],
  ],
  [
    "winatp-gw-weu.microsoft.com:443",
    [/is refused\.$/m, /It would be opened by defender\.connectivity: standard$/m],
  ],
  [
    "evil.blob.core.windows.net",
    [/is refused/, /the storage of every Azure customer/, /defender\.broad: \[\.blob\.core\.windows\.net\]/],
  ],
  ["client.wns.windows.com", [/is refused/, /cannot go through a proxy/, /Only an extra destination/]],
  [
    "www.example.com.",
    [/^www\.example\.com is refused: it is not in the catalogue/, /extra: \[\{ host: www\.example\.com/],
  ],
];
for (const [name, expected] of EXPLAINED) {
  test(`explain ${name}`, async (t) => {
    const { code, printed } = await call(t, ["explain", name]);

    t.is(code, 0);
    for (const pattern of expected) t.regex(printed.join("\n"), pattern);
  });
}

const WRONG: [string[], string, RegExp][] = [
  [["frobnicate"], "input.arguments", /no endpoints frobnicate/],
  [["show"], "input.arguments", /needs a name/],
  [["test", "x"], "input.arguments", /one argument too many/],
  [["explain", "10.0.0.1"], "input.arguments", /no host name/],
  [["explain", "a b; c"], "input.arguments", /no host name/],
  [["update"], "input.arguments", /needs a name/],
  [["show", "www.example.com"], "input.endpoint", /has no www\.example\.com/],
];
for (const [rest, code, message] of WRONG) {
  test(`endpoints ${rest.join(" ")} is refused`, async (t) => {
    const error = await t.throwsAsync(call(t, rest), { instanceOf: PosternError });

    t.is(error?.code, code as PosternError["code"]);
    t.regex(error?.message ?? "", message);
  });
}

test("a machine without settings says so", async (t) => {
  const error = await t.throwsAsync(call(t, ["list"], [], ""), { instanceOf: PosternError });

  t.is(error?.code, "input.unconfigured");
});

for (const rest of [["list"], ["show", "crl.microsoft.com"], ["explain", "www.example.com"]]) {
  test(`endpoints ${rest.join(" ")} --json is one JSON value`, async (t) => {
    const { printed } = await call(t, rest, ["json"]);

    t.notThrows(() => JSON.parse(printed.join("\n")));
  });
}

test("a service that failed shows the next step and each URL that failed", (t) => {
  const url = (path: string) => `https://mdav.us.endpoint.security.microsoft.com${path}`;
  const host = "mdav.us.endpoint.security.microsoft.com";
  const lines = serviceLines({
    id: "mde",
    state: "fail",
    detail: "mdav answers 500, expected 404",
    next: "Try again later.",
    tested: [
      { host, url: url("/mdav/test"), expected: 404, got: 500 },
      { host, url: url("/ping"), expected: 200, got: 200 },
      { host, url: url("/"), expected: 0, got: "is not found in DNS (503)" },
    ],
  });

  t.deepEqual(lines, [
    "FAILED  mde: mdav answers 500, expected 404",
    "        Try again later.",
    `        ${url("/mdav/test")} answers 500, expected 404`,
    `        ${url("/")} is not found in DNS (503)`,
  ]);
  t.deepEqual(serviceLines({ id: "crl", state: "ok", detail: "3 of 3 tests passed", tested: [] }), [
    "ok      crl: 3 of 3 tests passed",
  ]);
});
