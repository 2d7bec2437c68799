import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { PosternError } from "../../../../builder/error.ts";
import { readSignKey } from "../../../../builder/evidence/signing/key.ts";
import { run } from "../../../../builder/host/run.ts";
import { scratch } from "../../../kit/scratch.ts";
import { KEY_TYPES, keyIn, NOBODY } from "../kit.ts";

for (const type of KEY_TYPES) {
  test(`a key of ${type} is taken, by the fingerprint that ssh-keygen prints`, async (t) => {
    const path = await keyIn(await scratch(t), "k", type);
    const key = await readSignKey(path, NOBODY);
    const { stdout } = await run("ssh-keygen", ["-l", "-f", path]);
    t.is(stdout, `${stdout.split(" ")[0]} ${key.fingerprint} key k (${key.type})\n`);
    t.is(key.type, type.toUpperCase());
    t.false(key.inAgent);
  });
}

test("a key of OpenSSL's own form, RSA in PEM, is taken without a .pub beside it", async (t) => {
  const path = join(await scratch(t), "k");
  await run("ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", path]);
  await rm(`${path}.pub`);
  t.is((await readSignKey(path, NOBODY)).type, "RSA");
});

const REFUSED: readonly {
  what: string;
  make: (folder: string) => Promise<string>;
  message: RegExp;
  hint: RegExp;
}[] = [
  {
    what: "one that is not there",
    make: async (folder) => join(folder, "none"),
    message: /none: ENOENT/,
    hint: /--sign-key FILE/,
  },
  {
    what: "a folder",
    make: async (folder) => {
      await mkdir(join(folder, "k"));
      return join(folder, "k");
    },
    message: /is no file/,
    hint: /--sign-key/,
  },
  {
    what: "one that others may read",
    make: async (folder) => {
      const path = await keyIn(folder, "k");
      await chmod(path, 0o644);
      return path;
    },
    message: /may be read by others \(mode 644\)/,
    hint: /^chmod 600 \S+k$/,
  },
  {
    what: "any text",
    make: async (folder) => {
      await writeFile(join(folder, "k"), "a text\n");
      return join(folder, "k");
    },
    message: /is no SSH key/,
    hint: /ssh-keygen -t ed25519/,
  },
  {
    what: "a private key that is cut",
    make: async (folder) => {
      await writeFile(join(folder, "k"), "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n", { mode: 0o600 });
      return join(folder, "k");
    },
    message: /is no private key that ssh-keygen reads/,
    hint: /ssh-keygen -t ed25519/,
  },
  {
    what: "a public key, without an agent",
    make: async (folder) => `${await keyIn(folder, "k")}.pub`,
    message: /is a public key, and no agent holds the private one/,
    hint: /ssh-add/,
  },
  {
    what: "one with a passphrase, where nobody can be asked",
    make: (folder) => keyIn(folder, "k", "ed25519", "a passphrase"),
    message: /has a passphrase, and there is no terminal to ask for it/,
    hint: /ssh-add \S+k first, or set SSH_ASKPASS/,
  },
];

for (const { what, make, message, hint } of REFUSED) {
  test(`refused before anything is done: ${what}`, async (t) => {
    const path = await make(await scratch(t));
    const error = await t.throwsAsync(readSignKey(path, NOBODY), { instanceOf: PosternError, message });
    t.is(error?.code, "input.sign-key");
    t.regex(error?.hint ?? "", hint);
    t.notRegex(`${error?.message}${error?.hint}`, /PRIVATE KEY|b3Bl/);
  });
}

test("a passphrase is no hindrance where somebody can be asked, and the .pub need not be there", async (t) => {
  const folder = await scratch(t);
  const path = await keyIn(folder, "k", "ed25519", "a passphrase");
  const { fingerprint } = await readSignKey(path, { ...NOBODY, canAsk: true });
  await rename(`${path}.pub`, join(folder, "elsewhere"));
  t.is((await readSignKey(path, { ...NOBODY, canAsk: true })).fingerprint, fingerprint);
  const askpass = { SSH_ASKPASS: "/usr/bin/true", SSH_ASKPASS_REQUIRE: "force" };
  t.is((await readSignKey(path, { ...NOBODY, env: askpass })).fingerprint, fingerprint);
  const never = { ...askpass, SSH_ASKPASS_REQUIRE: "never", DISPLAY: ":0" };
  await t.throwsAsync(readSignKey(path, { ...NOBODY, env: never }), { message: /no terminal/ });
});
