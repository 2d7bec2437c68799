import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { type FileVerdict, verifyPath } from "../../../builder/evidence/verify.ts";
import { run } from "../../../builder/host/run.ts";
import { scratch } from "../../kit/scratch.ts";
import { quiet } from "../disk/kit.ts";
import { allowedIn, buildIn, finish, KEY_TYPES, keyIn, SIGNER, sha256, signal, turnBit } from "./kit.ts";

const STEM = "postern-1.0.0-debian-13-amd64";
const RECORD = `${STEM}.build.json`;
const STATEMENT = `${STEM}.provenance.json`;
const REPORT = `${STEM}-hardening.json`;

interface Release {
  folder: string;
  keys: string;
  key: string;
  allowed: string;
}

const made = new Map<string, string>();

// Made once: each test takes a copy.
test.before(async () => {
  for (const kind of ["image", "reports"]) {
    const root = await mkdtemp(join(tmpdir(), "postern-release-"));
    made.set(kind, root);
    await mkdir(join(root, "dist"));
    await buildIn(join(root, "dist"), kind === "image");
    await finish(join(root, "dist"), { key: await keyIn(root, "k") });
  }
});

test.after.always(async () => {
  for (const root of made.values()) await rm(root, { recursive: true });
});

/** A signed folder of its own, and outside of it the key and who is allowed. */
async function release(t: ExecutionContext, kind: "image" | "reports" = "reports"): Promise<Release> {
  const keys = await scratch(t);
  await cp(made.get(kind) ?? "", keys, { recursive: true });
  const key = join(keys, "k");
  const allowed = await allowedIn(keys, key, 'namespaces="postern"');
  return { folder: join(keys, "dist"), keys, key, allowed };
}

function verify(path: string, allowedSigners?: string): Promise<FileVerdict[]> {
  return verifyPath(path, signal, quiet, allowedSigners === undefined ? {} : { allowedSigners });
}

/** Everything wrong in a folder, each with its file. */
async function faults(path: string, allowed?: string): Promise<string[]> {
  const verdicts = await verify(path, allowed);
  return verdicts.flatMap(({ file, problems }) => problems.map((problem) => `${file}: ${problem}`));
}

/** Names of the checks of one file, and why some were left out. */
function said(verdicts: readonly FileVerdict[], name: string): string[] {
  const checks = verdicts.find(({ file }) => file === name)?.checks ?? [];
  return checks.map(({ name: check, leftOut }) =>
    leftOut === undefined ? check : `${check}: -- ${leftOut}`,
  );
}

for (const type of KEY_TYPES) {
  test(`a folder signed by ${type}: everything is right, with and without allowed signers`, async (t) => {
    const [folder, keys] = [await scratch(t), await scratch(t)];
    await buildIn(folder);
    const key = await keyIn(keys, "k", type);
    await finish(folder, { key });
    const allowed = await allowedIn(keys, key);
    t.deepEqual(await faults(folder, allowed), []);
    const trusted = await verify(folder, allowed);
    const { stdout } = await run("ssh-keygen", ["-l", "-f", key]);
    const by = `signature by ${type.toUpperCase()} ${stdout.split(" ")[1]}`;
    t.deepEqual(said(trusted, "SHA256SUMS"), [`${by}, ${SIGNER}`]);
    t.true(said(trusted, STATEMENT).includes(`${by}, ${SIGNER}`));
    const blind = await verify(folder);
    t.deepEqual(
      blind.flatMap(({ problems }) => problems),
      [],
    );
    const [first, whose, ...more] = said(blind, "SHA256SUMS");
    t.is(first, by);
    t.regex(whose ?? "", /^whose key that is: -- give --allowed-signers FILE/);
    t.deepEqual(more, []);
  });
}

test("each file of evidence is looked at for what it is", async (t) => {
  const { folder, allowed } = await release(t);
  const verdicts = await verify(folder, allowed);
  t.deepEqual(
    verdicts.map(({ file }) => file),
    (await readdir(folder)).filter((name) => !name.endsWith(".sig")).sort(),
  );
  t.deepEqual(
    said(verdicts, RECORD).filter((name) => !name.includes("--")),
    [...["SHA256SUMS", "record: named after its build", "record: every file that it names is there"]],
  );
  t.deepEqual(
    said(verdicts, STATEMENT).filter((name) => name.startsWith("statement")),
    [
      "statement: an in-toto statement of SLSA provenance",
      "statement: the same as the record",
      "statement: the same files as in SHA256SUMS",
    ],
  );
  t.deepEqual(
    said(verdicts, REPORT).filter((name) => name.startsWith("report")),
    [
      "report: can be read, and every exception has its reason",
      "report: of this build",
      "report: every check passed",
      "report: it counts what it lists",
    ],
  );
});

test("one changed bit in any file is seen, whether or not anybody is trusted", async (t) => {
  const { folder, allowed } = await release(t, "image");
  const names = (await readdir(folder)).sort();
  t.is(names.length, 8);
  for (const name of names) {
    const whole = await readFile(join(folder, name));
    await turnBit(join(folder, name));
    for (const trust of [undefined, allowed]) {
      const found = await faults(folder, trust);
      const seen = found.filter((fault) => fault.includes(name.replace(/\.sig$/, "")));
      t.true(seen.length > 0, `${name}: ${found.join("; ")}`);
    }
    await writeFile(join(folder, name), whole);
  }
  t.deepEqual(await faults(folder, allowed), []);
});

test("one missing file is seen: what the sums or a record name, and each signature where somebody is trusted", async (t) => {
  const { folder, allowed, keys } = await release(t);
  for (const name of (await readdir(folder)).sort()) {
    await rename(join(folder, name), join(keys, name));
    const found = await faults(folder, allowed);
    t.true(
      found.some((fault) => fault.includes(name)),
      `${name}: ${found.join("; ")}`,
    );
    // Without a signature a folder is one that nobody signed; everything else is still missed.
    const blind = await faults(folder);
    t.is(blind.length > 0, !name.endsWith(".sig"), `${name}: ${blind.join("; ")}`);
    await rename(join(keys, name), join(folder, name));
  }
});

interface Fault {
  what: string;
  /** Where it needs one. */
  kind?: "image";
  /** @returns other allowed signers, where they are the fault */
  make: (release: Release) => Promise<string | undefined>;
  trusted: RegExp;
  /** What is seen without allowed signers; nothing where that is undefined. */
  blind?: RegExp;
}

async function signAs(folder: string, key: string, namespace: string): Promise<void> {
  for (const name of ["SHA256SUMS", STATEMENT]) {
    await rm(join(folder, `${name}.sig`), { force: true });
    await run("ssh-keygen", ["-Y", "sign", "-n", namespace, "-f", key, name], { cwd: folder });
  }
}

/** Who changes a file and can count: the sums are right again, and nothing else. */
async function sumAgain(folder: string, name: string): Promise<void> {
  const path = join(folder, "SHA256SUMS");
  const sum = sha256(await readFile(join(folder, name)));
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(new RegExp(`^[0-9a-f]{64} {2}${name}$`, "m"), `${sum}  ${name}`));
}

const FAULTS: readonly Fault[] = [
  {
    what: "another key signed it",
    make: async ({ folder, keys }) => {
      await signAs(folder, await keyIn(keys, "other"), "postern");
      return undefined;
    },
    trusted:
      /^SHA256SUMS: signature by ED25519 SHA256:\S+: no allowed signer has this key now: No principal matched/,
  },
  {
    what: "the key signed for another purpose",
    make: async ({ folder, key }) => {
      await signAs(folder, key, "git");
      return undefined;
    },
    trusted: /^SHA256SUMS: signature: SHA256SUMS\.sig: Couldn't verify signature: namespace does not match/,
    blind: /namespace does not match/,
  },
  {
    what: "the signer may not sign for this purpose",
    make: ({ keys, key }) => allowedIn(keys, key, 'namespaces="git"'),
    trusted: /no allowed signer has this key now: .*not permitted for use in signature namespace "postern"/,
  },
  {
    what: "the key has expired",
    make: ({ keys, key }) => allowedIn(keys, key, 'valid-before="20200101"'),
    trusted: /no allowed signer has this key now: .*key has expired/,
  },
  {
    what: "the key is not valid yet",
    make: ({ keys, key }) => allowedIn(keys, key, 'valid-after="29990101"'),
    trusted: /no allowed signer has this key now: .*not yet valid/,
  },
  {
    what: "a signature is cut",
    make: async ({ folder }) => {
      await truncate(join(folder, "SHA256SUMS.sig"), 100);
      return undefined;
    },
    trusted: /^SHA256SUMS: signature: SHA256SUMS\.sig: .*missing footer/,
    blind: /^SHA256SUMS: signature: SHA256SUMS\.sig: .*missing footer/,
  },
  {
    what: "a signature is empty",
    make: async ({ folder }) => {
      await truncate(join(folder, `${STATEMENT}.sig`));
      return undefined;
    },
    trusted: /provenance\.json: signature: /,
    blind: /provenance\.json: signature: /,
  },
  {
    what: "a signature is huge",
    make: async ({ folder }) => {
      await truncate(join(folder, "SHA256SUMS.sig"), 2 ** 30);
      return undefined;
    },
    trusted: /too large for a signature/,
    blind: /too large for a signature/,
  },
  {
    what: "the sums' signature stands over the statement",
    make: async ({ folder }) => {
      await cp(join(folder, "SHA256SUMS.sig"), join(folder, `${STATEMENT}.sig`));
      return undefined;
    },
    trusted: /provenance\.json: signature: \S+: .*incorrect signature/,
    blind: /provenance\.json: signature: \S+: .*incorrect signature/,
  },
  {
    what: "nobody signed it",
    make: async ({ folder }) => {
      for (const name of ["SHA256SUMS", STATEMENT]) await rm(join(folder, `${name}.sig`));
      return undefined;
    },
    trusted: /^SHA256SUMS: signature: nobody signed it: no SHA256SUMS\.sig lies beside it/,
  },
  {
    what: "an image was changed, and its sum with it",
    kind: "image",
    make: async ({ folder }) => {
      await turnBit(join(folder, `${STEM}.vhdx`));
      await sumAgain(folder, `${STEM}.vhdx`);
      return undefined;
    },
    trusted: /^SHA256SUMS: signature: .*incorrect signature/,
    blind: /vhdx has another digest there/,
  },
  {
    what: "an image was put there later",
    kind: "image",
    make: async ({ folder }) => {
      await cp(join(folder, `${STEM}.vhdx`), join(folder, "later.vhdx"));
      return undefined;
    },
    trusted: /^later\.vhdx: SHA256SUMS: it is not in SHA256SUMS$/,
    blind: /^later\.vhdx: SHA256SUMS: it is not in SHA256SUMS$/,
  },
  {
    what: "a page of the build's name was put there later",
    make: async ({ folder }) => {
      await writeFile(join(folder, `${STEM}.html`), "<!doctype html>\n");
      return undefined;
    },
    trusted: /amd64\.html: SHA256SUMS: it is not in SHA256SUMS$/,
  },
];

for (const { what, kind, make, trusted, blind } of FAULTS) {
  test(`a fault: ${what}`, async (t) => {
    const given = await release(t, kind);
    const allowed = (await make(given)) ?? given.allowed;
    const found = await faults(given.folder, allowed);
    t.true(
      found.some((fault) => trusted.test(fault)),
      found.join("\n"),
    );
    const alone = await faults(given.folder);
    if (blind === undefined) t.deepEqual(alone, []);
    else
      t.true(
        alone.some((fault) => blind.test(fault)),
        alone.join("\n"),
      );
  });
}

interface Change {
  what: string;
  file: string;
  edit: (text: string) => string;
  seen: RegExp;
}

/** A line of a JSON document with another value; a test that changes nothing fails. */
const CHANGES: readonly Change[] = [
  {
    what: "a subject of another name",
    file: STATEMENT,
    edit: (text) => text.replace(`"name": "${REPORT}"`, '"name": "other.vhdx"'),
    seen: /the same as the record: other\.vhdx is in the statement only/,
  },
  {
    what: "a subject with another digest",
    file: STATEMENT,
    edit: (text) => text.replace(/"sha256": "[0-9a-f]{64}"/, `"sha256": "${"0".repeat(64)}"`),
    seen: /has another digest in the record/,
  },
  {
    what: "another recipe",
    file: STATEMENT,
    edit: (text) => text.replace('"memory": 4096', '"memory": 8192'),
    seen: /the recipe: not the same/,
  },
  {
    what: "another stage key",
    file: STATEMENT,
    edit: (text) => text.replace("2".repeat(64), "7".repeat(64)),
    seen: /base, time and stages: not the same/,
  },
  {
    what: "another package",
    file: STATEMENT,
    edit: (text) => text.replace("squid@6.13", "squid@6.14"),
    seen: /what it was made from: not the same/,
  },
  {
    what: "another tool",
    file: STATEMENT,
    edit: (text) => text.replace('"mke2fs": "1.47.0"', '"mke2fs": "1.47.1"'),
    seen: /the tools: not the same/,
  },
  {
    what: "another kind of predicate",
    file: STATEMENT,
    edit: (text) => text.replace("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"),
    seen: /an in-toto statement of SLSA provenance: predicateType: /,
  },
  {
    what: "a field that is none",
    file: STATEMENT,
    edit: (text) => text.replace('"_type"', '"more": 1, "_type"'),
    seen: /an in-toto statement of SLSA provenance: more: /,
  },
  {
    what: "no JSON",
    file: STATEMENT,
    edit: (text) => text.slice(0, -3),
    seen: /it is no JSON/,
  },
  {
    what: "a record of another time",
    file: RECORD,
    edit: (text) => text.replace('"epoch": 1767225600', '"epoch": 1767225601'),
    seen: /the digest of \S+build\.json: not the same/,
  },
  {
    what: "a record of another version",
    file: RECORD,
    edit: (text) => text.replace('"version": "1.0.0"', '"version": "1.0.1"'),
    seen: /build\.json: record: named after its build: it is of postern-1\.0\.1-/,
  },
  {
    what: "a check that failed",
    file: REPORT,
    edit: (text) => text.replace('"passed": true', '"passed": false'),
    seen: /report: every check passed: K1-one failed: one/,
  },
  {
    what: "a check that passed with another exit code",
    file: REPORT,
    edit: (text) => text.replace(/("found": \{\s+"exit": )0/, "$13"),
    seen: /report: every check passed: K1-one passed, with exit code 3 for 0/,
  },
  {
    what: "another count",
    file: REPORT,
    edit: (text) => text.replace('"exceptions": 1,', '"exceptions": 0,'),
    seen: /report: it counts what it lists: counts\.exceptions is 0, not 1/,
  },
  {
    what: "an exception without a reason",
    file: REPORT,
    edit: (text) => text.replace('"reason": "a reason"', '"reason": ""'),
    seen: /every exception has its reason: sections\[0\]\.exceptions\[0\]\.reason: /,
  },
  {
    what: "a report of another build",
    file: REPORT,
    edit: (text) => text.replace('"base": "debian-13"', '"base": "ubuntu-24.04"'),
    seen: /report: of this build: it is postern-1\.0\.0-ubuntu-24\.04-amd64-hardening\.json/,
  },
];

for (const { what, file, edit, seen } of CHANGES) {
  test(`what its sum cannot tell, for that is right again: ${what}`, async (t) => {
    const { folder } = await release(t);
    const text = await readFile(join(folder, file), "utf8");
    t.not(edit(text), text);
    await writeFile(join(folder, file), edit(text));
    await sumAgain(folder, file);
    const found = await faults(folder);
    t.true(
      found.some((fault) => seen.test(fault)),
      found.join("\n"),
    );
  });
}

test("one image of a signed folder: first who signed the sums that name it", async (t) => {
  const { folder, keys, key, allowed } = await release(t, "image");
  const image = join(folder, `${STEM}.vhdx`);
  for (const trust of [undefined, allowed]) {
    const verdicts = await verify(image, trust);
    t.deepEqual(
      verdicts.map(({ file }) => file),
      ["SHA256SUMS", `${STEM}.vhdx`],
    );
    t.deepEqual(
      verdicts.flatMap(({ problems }) => problems),
      [],
    );
  }
  const expired = await allowedIn(keys, key, 'valid-before="20200101"');
  t.regex((await faults(image, expired)).join(), /^SHA256SUMS: signature by \S+ \S+: no allowed signer/);
  for (const name of ["SHA256SUMS", "SHA256SUMS.sig"]) await rm(join(folder, name));
  t.deepEqual(await faults(image), []);
  t.regex((await faults(image, expired)).join("\n"), /^SHA256SUMS: there: it is not there$/m);
});

test("a folder of an earlier Postern, sums and a record that they do not name: told, and an error only in a strict look", async (t) => {
  const { folder, allowed } = await release(t);
  for (const name of ["SHA256SUMS.sig", STATEMENT, `${STATEMENT}.sig`]) await rm(join(folder, name));
  const sums = await readFile(join(folder, "SHA256SUMS"), "utf8");
  await writeFile(join(folder, "SHA256SUMS"), sums.replace(/^.*\.(build|provenance)\.json\n/gm, ""));
  t.deepEqual(await faults(folder), []);
  const verdicts = await verify(folder);
  t.regex(said(verdicts, "SHA256SUMS").join(), /^signature: -- nobody signed it/);
  t.regex(said(verdicts, RECORD).join("\n"), /^statement of its provenance: -- no \S+ lies beside it$/m);
  const strict = await faults(folder, allowed);
  t.true(
    strict.some((fault) => fault.startsWith(`${RECORD}: SHA256SUMS: it is not in`)),
    strict.join("\n"),
  );
});
