import test from "ava";
import { RULES } from "../../../appliance/proxy/rules.ts";
import { accessOf, isOwn, outcomeText, reasonOf } from "../../../appliance/traffic/access.ts";

const LINE = {
  time: 1795470682.643,
  client: "10.20.4.7",
  method: "CONNECT",
  url: "www.example.com:443",
  status: 200,
  result: "TCP_TUNNEL",
  rule: "-",
};

const OUTCOMES: [string, Partial<typeof LINE>, string][] = [
  ["a tunnel that was closed", {}, "allowed"],
  ["a download", { method: "GET", url: "http://crl.example.com/a.crl", result: "TCP_MISS" }, "allowed"],
  [
    "a server that is not there",
    { status: 503, result: "NONE_NONE" },
    "allowed, but the server was not reached (503)",
  ],
  [
    "a name that DNS does not know",
    { status: 500, result: "NONE_NONE" },
    "allowed, but the server was not reached (500)",
  ],
  [
    "a connection that said nothing",
    { url: "error:transaction-end-before-headers", status: 0, result: "NONE_NONE" },
    "broken: not a request that can be understood",
  ],
  ["a name", { status: 403, result: "TCP_DENIED", rule: "name" }, "refused: not on the list"],
  ["a client", { status: 403, result: "TCP_DENIED", rule: "client" }, "refused: not a client of this proxy"],
  [
    "an address",
    { status: 403, result: "TCP_DENIED", rule: "address" },
    "refused: leads to an inner address",
  ],
  ["a port", { status: 403, result: "TCP_DENIED_ABORTED", rule: "port" }, "refused: port not allowed"],
  ["a rule of a later version", { status: 403, result: "TCP_DENIED", rule: "moon" }, "refused: rule moon"],
  ["no rule", { status: 403, result: "TCP_DENIED", rule: "-" }, "refused: refused"],
  [
    "noise",
    { url: "error:invalid-request", status: 400, result: "NONE_NONE" },
    "broken: not a request that can be understood",
  ],
];
for (const [title, change, expected] of OUTCOMES) {
  test(`what became of ${title}`, (t) => {
    const access = accessOf(JSON.stringify({ ...LINE, ...change }));
    t.is(access && outcomeText(access), expected);
  });
}

for (const line of ["", "{", "null", "[]", '{"time":1}', `{"url":"${"x".repeat(70_000)}"}`]) {
  test(`no line of ours: ${line.slice(0, 30)}`, (t) => t.is(accessOf(line), undefined));
}

test("the machine's own checks are told from clients", (t) => {
  t.true(isOwn({ client: "127.0.0.1" }));
  t.true(isOwn({ client: "::1" }));
  t.false(isOwn({ client: "10.127.0.1" }));
});

test("every rule that can refuse a request has words of its own", (t) => {
  for (const rule of [...RULES, "hello", "sni"]) t.notRegex(reasonOf(rule), /^(refused|rule .*)$/, rule);
});
