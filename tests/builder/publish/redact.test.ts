import test from "ava";
import fc from "fast-check";
import { redact, redactUrl } from "../../../builder/publish/redact.ts";

/** What a signature or a token is made of, long enough to be looked for. */
const secrets = fc
  .uint8Array({ minLength: 24, maxLength: 48 })
  .map((bytes) => Buffer.from(bytes).toString("base64"))
  .filter((text) => /[A-Za-z0-9]{8}/.test(text));
const words = fc.stringMatching(/^[ a-z.,:"'(){}\n]{0,40}$/);

const FORMS: [title: string, form: (secret: string) => string][] = [
  [
    "an address for upload",
    (secret) =>
      `https://md-impexp-abc.z12.blob.storage.azure.net/x/abcd?sv=2018-03-28&sr=b&si=1&sig=${encodeURIComponent(secret)}`,
  ],
  [
    "one that is not encoded",
    (secret) => `https://md-x.blob.core.windows.net/x/abcd?sig=${secret}&comp=page`,
  ],
  [
    "one with a port, over http",
    (secret) => `http://127.0.0.1:10000/a/b?sv=1&sig=${encodeURIComponent(secret)}`,
  ],
  ["user and password", (secret) => `https://user:${encodeURIComponent(secret)}@example.net/x`],
  ["a fragment", (secret) => `https://example.net/x#access_token=${encodeURIComponent(secret)}`],
  ["a signature alone", (secret) => `sig=${encodeURIComponent(secret)}`],
  [
    "JSON",
    (secret) => `{"accessSAS":"https://md-x.blob.core.windows.net/a?sig=${encodeURIComponent(secret)}"}`,
  ],
  ["JSON with a token", (secret) => `{"access_token":"${secret}","expires_in":3600}`],
  ["a header", (secret) => `Authorization: Bearer ${secret}`],
  ["a shared key", (secret) => `authorization: SharedKey account:${secret}`],
  [
    "a connection string",
    (secret) => `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret};EndpointSuffix=x`,
  ],
];
for (const [title, form] of FORMS) {
  test(`no part of a secret is left: ${title}`, (t) => {
    fc.assert(
      fc.property(words, secrets, words, (before, secret, after) => {
        const shown = redact(`${before} ${form(secret)} ${after}`);
        for (let at = 0; at + 8 <= secret.length; at++) {
          const part = secret.slice(at, at + 8);
          if (/^[A-Za-z0-9]+$/.test(part)) t.false(shown.includes(part), shown);
        }
      }),
      { numRuns: 200 },
    );
  });
}

test("a web token goes whatever stands around it", (t) => {
  const token = `eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJodHRwcz.${"s".repeat(40)}`;
  t.is(redact(`got ${token}, hm`), "got (hidden), hm");
});

test("what says where and what stays", (t) => {
  const url =
    "https://management.azure.com/subscriptions/1/resourceGroups/rg/providers/Microsoft.Compute/disks/d?api-version=2026-03-02";
  t.is(redactUrl(url), url);
  t.is(redactUrl("https://md-x.net/a/b?sv=1&sig=x&comp=page"), "https://md-x.net/a/b?comp=page&(hidden)");
  t.is(redact("InvalidVhd: the cookie is not 'conectix'"), "InvalidVhd: the cookie is not 'conectix'");
  t.is(redact("\u001b[31mred\u001b[0m"), "red");
});
