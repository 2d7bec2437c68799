import { createServer } from "node:net";
import test, { type ExecutionContext } from "ava";
import { judgeCertificate, type Names, type Presented } from "../../../appliance/check/cloud/certificate.ts";
import { headOf } from "../../../appliance/check/cloud/head.ts";
import type { Reach } from "../../../appliance/check/cloud/reach.ts";
import { summarise } from "../../../appliance/check/cloud/summary.ts";
import { openTunnel } from "../../../appliance/check/cloud/tunnel.ts";
import { reachWords } from "../../../appliance/check/cloud/words.ts";
import type { HostTest } from "../../../appliance/endpoints/tests.ts";

const names = (common: string, organisation = ""): Names => ({ common, organisation });
const MICROSOFT = names("Microsoft Azure RSA TLS Issuing CA 03", "Microsoft Corporation");
const ROOT = names("Microsoft Root Certificate Authority 2011", "Microsoft Corporation");
const INSPECTOR = names("inspect.corp.example", "Example Security");

const CERTIFICATES: [string, Partial<Presented>, string][] = [
  ["in order", { issuers: [MICROSOFT, names("DigiCert Global Root G2")] }, "good"],
  [
    "a root of Microsoft that Linux lacks",
    { fault: "SELF_SIGNED_CERT_IN_CHAIN", issuers: [MICROSOFT, ROOT] },
    "good",
  ],
  ["no root was sent", { fault: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", issuers: [MICROSOFT] }, "good"],
  ["inspected", { fault: "SELF_SIGNED_CERT_IN_CHAIN", issuers: [INSPECTOR, INSPECTOR] }, "inspected"],
  [
    "inspected under Microsoft's name",
    { fault: "SELF_SIGNED_CERT_IN_CHAIN", issuers: [MICROSOFT, INSPECTOR] },
    "inspected",
  ],
  ["self-signed", { fault: "DEPTH_ZERO_SELF_SIGNED_CERT", issuers: [names("proxy")] }, "inspected"],
  ["no certificate", { fault: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", issuers: [] }, "inspected"],
  ["another name", { fault: "ERR_TLS_CERT_ALTNAME_INVALID", issuers: [MICROSOFT] }, "other"],
  ["expired", { fault: "CERT_HAS_EXPIRED", issuers: [MICROSOFT] }, "expired"],
  ["not valid yet", { fault: "CERT_NOT_YET_VALID", issuers: [MICROSOFT] }, "not-yet"],
];
for (const [title, presented, kind] of CERTIFICATES) {
  test(`certificate: ${title}`, (t) => {
    const verdict = judgeCertificate({ fault: undefined, issuers: [], subject: names("a"), ...presented });

    t.is(verdict.kind, kind as typeof verdict.kind);
  });
}

test("what a certificate says cannot speak to the terminal", (t) => {
  const issuers = [names("evil\u001b[2J\u0007", "é")];
  const verdict = judgeCertificate({ fault: "SELF_SIGNED_CERT_IN_CHAIN", issuers, subject: names("a") });

  t.is(verdict.issuer, "evil?[2J?, ?");
});

const HOST = "edr.us.endpoint.security.microsoft.com";
const UPSTREAM = { host: "proxy.corp.example", port: 8080 };
type Row = [
  reach: Exclude<Reach, { kind: "secured" }>,
  upstream: typeof UPSTREAM | undefined,
  detail: RegExp,
  next: RegExp,
];
const refused = (status: number, error = ""): Reach & { kind: "refused" } => ({
  kind: "refused",
  status,
  error,
});
const REACHES: Row[] = [
  [{ kind: "answered", status: 500 }, undefined, /^answers 500$/, /in order/],
  [{ kind: "cut", during: "tls" }, undefined, /TLS does not come up/, /firewall/],
  [{ kind: "cut", during: "answer" }, undefined, /does not answer/, /Try again/],
  [{ kind: "silent" }, undefined, /proxy does not answer/, /posternctl check/],
  [{ kind: "late" }, undefined, /no connection comes about/, /Open TCP ports 443 and 80/],
  [{ kind: "late" }, UPSTREAM, /no connection comes about/, /upstream proxy run/],
  [
    refused(403, "ERR_ACCESS_DENIED"),
    undefined,
    /refused by this proxy \(403\)/,
    /^posternctl endpoints explain edr\.us/,
  ],
  [
    refused(403, "ERR_ACCESS_DENIED"),
    UPSTREAM,
    /refused by this proxy or by the upstream proxy \(403\)/,
    /explain edr\.us.* allow it on proxy\.corp\.example\.$/,
  ],
  [
    refused(403, "ERR_POSTERN_NAME"),
    undefined,
    /refused by this proxy \(403\)/,
    /^posternctl endpoints explain/,
  ],
  [refused(403, "ERR_POSTERN_FULL"), UPSTREAM, /want of room/, /virtual processors/],
  [refused(403), UPSTREAM, /refused by the upstream proxy/, /Allow this machine/],
  [refused(407), UPSTREAM, /asks for a login/, /without a login/],
  [refused(503, "ERR_DNS_FAIL"), undefined, /not found in DNS \(503\)/, /DNS servers/],
  [
    refused(503, "ERR_CONNECT_FAIL"),
    undefined,
    /cannot be connected to \(503 ERR_CONNECT_FAIL\)/,
    /Open TCP/,
  ],
  [refused(502), UPSTREAM, /\(502\) through proxy\.corp\.example:8080/, /upstream proxy run/],
  [
    { kind: "certificate", verdict: { kind: "inspected", issuer: "X" } },
    undefined,
    /inspected on the way.*from X/,
    /exempt/,
  ],
  [
    { kind: "certificate", verdict: { kind: "other", issuer: "X", subject: "Y" } },
    undefined,
    /is for Y, from X/,
    /DNS filter/,
  ],
  [{ kind: "certificate", verdict: { kind: "expired", issuer: "X" } }, undefined, /no longer valid/, /clock/],
  [{ kind: "certificate", verdict: { kind: "not-yet", issuer: "X" } }, undefined, /not valid yet/, /clock/],
];
for (const [reach, upstream, detail, next] of REACHES) {
  test(`words: ${JSON.stringify(reach)}${upstream ? " upstream" : ""}`, (t) => {
    const words = reachWords(reach, { host: HOST, upstream });

    t.regex(words.detail, detail);
    t.regex(words.next, next);
    t.regex(words.detail + words.next, /^[\x20-\x7e]+$/);
  });
}

const HEADS: [string, ReturnType<typeof headOf>][] = [
  ["HTTP/1.1 200 Connection established\r\n\r\n", { status: 200, squidError: "" }],
  [
    "HTTP/1.1 403 Forbidden\r\nServer: squid\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n\r\n",
    { status: 403, squidError: "ERR_ACCESS_DENIED" },
  ],
  ["SSH-2.0-OpenSSH\r\n", undefined],
  ["", undefined],
];
for (const [text, expected] of HEADS) {
  test(`head: ${text.slice(0, 20)}`, (t) => t.deepEqual(headOf(text), expected));
}

test("a proxy that takes the request and has nothing to say is late, one that is gone is silent", async (t) => {
  const mute = createServer((socket) => socket.on("error", () => {}));
  const proxyPort = await listening(t, mute);
  const closed = createServer();
  const closedPort = await listening(t, closed);
  await new Promise((resolve) => closed.close(resolve));

  t.is((await openTunnel(HOST, 443, { proxyPort, timeout: 200 })).kind, "late");
  t.is((await openTunnel(HOST, 443, { proxyPort: closedPort, timeout: 10_000 })).kind, "silent");
});

function listening(t: ExecutionContext, server: ReturnType<typeof createServer>): Promise<number> {
  t.teardown(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

const hostTest = (host: string): HostTest => ({
  group: "mde",
  host,
  port: 443,
  path: "/",
  method: "GET",
  accept: [200],
});
const answered = (status: number): Reach => ({ kind: "answered", status });
const missing = refused(503, "ERR_DNS_FAIL");
const SUMMARIES: [string, (Reach | undefined)[], "ok" | "fail", string][] = [
  ["all answer", [answered(200), answered(200)], "ok", "2 of 2 tests passed"],
  [
    "one of three is gone from DNS",
    [answered(200), missing, answered(200)],
    "ok",
    "2 of 3 tests passed; not in DNS: 1",
  ],
  ["half are gone", [answered(200), missing], "fail", "1: is not found in DNS (503)"],
  [
    "one of three fails otherwise",
    [answered(200), answered(500), answered(200)],
    "fail",
    "1: answers 500, expected 200",
  ],
  [
    "the time was over",
    [answered(200), undefined, undefined],
    "fail",
    "1: was not asked: the time was over; 1 more of 3 failed",
  ],
];
for (const [title, ways, state, detail] of SUMMARIES) {
  test(`service: ${title}`, (t) => {
    const asked = ways.map((way, index) => ({ test: hostTest(`${index}`), way }));

    t.like(summarise(asked), { state, detail });
  });
}
