import test from "ava";
import fc from "fast-check";
import { maskSecrets } from "../../../appliance/support/mask.ts";
import { ED25519, YESCRYPT } from "../settings/fixtures.ts";

const MASKED: [string, string, string][] = [
  ["a yescrypt hash", `postern:${YESCRYPT}:20000:0`, "postern:(masked):20000:0"],
  ["a SHA-512 hash", "x $6$rounds=5000$abcdefgh$0123456789./ABC y", "x (masked) y"],
  ["a field of a settings file", "passwordHash: abc", "passwordHash: (masked)"],
  ["JSON", '{"password": "a b","x":1}', '{"password": (masked),"x":1}'],
  ["an address with a password", "https://bob:hunter2@proxy:8080/x", "https://(masked)@proxy:8080/x"],
  ["a header", "Proxy-Authorization: Basic Zm9vOmJhcg==\nHost: a", "Proxy-Authorization: (masked)\nHost: a"],
  ["an assignment", "token=abc,next", "token=(masked),next"],
  [
    "a private key",
    "a\n-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\nb",
    "a\n(masked)\nb",
  ],
  ["a private key that is cut off", "-----BEGIN PRIVATE KEY-----\nabc", "(masked)"],
];
for (const [title, text, expected] of MASKED) {
  test(`masked: ${title}`, (t) => t.is(maskSecrets(text, []), expected));
}

for (const text of [
  ED25519,
  "PasswordAuthentication no",
  "passwordLogin: true",
  "clients: 10.20.0.0/16",
  "/etc/shadow",
  "https://go.microsoft.com/fwlink",
]) {
  test(`left as it is: ${text.slice(0, 30)}`, (t) => t.is(maskSecrets(text, []), text));
}

test("a known secret goes wherever it stands, in every form in which programs write it", (t) => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[!-~]{8,40}$/),
      fc.string({ maxLength: 30 }),
      fc.string({ maxLength: 30 }),
      (secret, before, after) => {
        const forms = [secret, JSON.stringify(secret), encodeURIComponent(secret)];
        const masked = maskSecrets(forms.map((form) => before + form + after).join("\n"), [secret]);
        t.false(masked.includes(secret));
        t.false(masked.includes(JSON.stringify(secret).slice(1, -1)));
      },
    ),
  );
});
