import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "ava";
import { PosternError } from "../../../builder/error.ts";
import { type OvaProduct, portableMachine } from "../../../builder/formats/ova/machine.ts";
import { readOva } from "../../../builder/formats/ova/read.ts";
import { certText, signatureProblems, signerOf } from "../../../builder/formats/ova/signature.ts";
import { writeOva } from "../../../builder/formats/ova/write.ts";
import { writeVmdk } from "../../../builder/formats/vmdk/write.ts";
import { run } from "../../../builder/host/run.ts";
import { withFolder } from "../disk/kit.ts";
import { type Filling, isSame, optionsFor, withSource, writeRaw } from "./kit.ts";

const product: OvaProduct = { name: "Postern", vendor: "Postern", version: "1.0.0", distribution: "debian" };

/** A key and a certificate of its own making, by openssl. */
async function identity(folder: string, name: string, algorithm = ["rsa:2048"]) {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  await run("openssl", [
    ...["req", "-x509", "-nodes", "-days", "36500", "-subj", `/CN=${name}`],
    ...["-newkey", ...algorithm, "-keyout", key, "-out", certificate],
  ]);
  return { key: await readFile(key, "utf8"), certificate: await readFile(certificate, "utf8") };
}

test("a signed OVA reads back, is the same each time, and openssl finds the signature right", async (t) => {
  await withFolder(async (folder) => {
    const { key, certificate } = await identity(folder, "signer");
    const raw = await writeRaw(folder, "disk.raw", Array<Filling>(16).fill("text"));
    const vmdk = join(folder, "disk.vmdk");
    await writeVmdk(optionsFor(raw, vmdk));
    const signer = signerOf(key, certificate);
    const outs = ["a.ova", "b.ova"].map((name) => join(folder, name));
    for (const out of outs) {
      const machine = portableMachine(13, 2, 2048);
      await writeOva({ ...optionsFor(raw, out), name: "postern", vmdk, machine, product, signer });
    }
    const [first = "", second = ""] = outs;
    t.true((await readFile(first)).equals(await readFile(second)));
    await withSource(first, async (source) => {
      const { disk, problems } = await readOva(source);
      t.deepEqual(problems, []);
      t.true(await isSame(disk, raw));
    });
    // By other readers: tar for the order, openssl for certificate and signature.
    const { stdout } = await run("tar", ["-C", folder, "-xvf", first]);
    t.deepEqual(stdout.trim().split("\n"), [
      "postern.ovf",
      "postern.mf",
      "postern.cert",
      "postern-disk1.vmdk",
    ]);
    const cert = await readFile(join(folder, "postern.cert"), "utf8");
    const [, hex = ""] =
      /^SHA256\(postern\.mf\)= ([0-9a-f]{512})\n-----BEGIN CERTIFICATE-----\n/.exec(cert) ?? [];
    await writeFile(join(folder, "signature"), Buffer.from(hex, "hex"));
    const publicKey = await run("openssl", [
      "x509",
      "-in",
      join(folder, "postern.cert"),
      "-pubkey",
      "-noout",
    ]);
    await writeFile(join(folder, "public.pem"), publicKey.stdout);
    const verified = await run("openssl", [
      ...["dgst", "-sha256", "-verify", join(folder, "public.pem"), "-signature", join(folder, "signature")],
      join(folder, "postern.mf"),
    ]);
    t.is(verified.stdout, "Verified OK\n");
  });
});

test("a signature that does not fit is found", async (t) => {
  await withFolder(async (folder) => {
    const { key, certificate } = await identity(folder, "one");
    const other = await identity(folder, "two");
    const manifest = Buffer.from(`SHA256(a.ovf)= ${createHash("sha256").digest("hex")}\n`);
    const text = certText("a.mf", manifest, signerOf(key, certificate));
    t.deepEqual(signatureProblems(text, "a.mf", manifest), []);
    const changes: [string, string, string, Buffer][] = [
      ["manifest", text, "a.mf", Buffer.from(`${manifest}x`)],
      ["name", text, "b.mf", manifest],
      ["signature", text.replace(/= ../, "= 00"), "a.mf", manifest],
      ["certificate", text.replace(/-----BEGIN[\s\S]*/, other.certificate), "a.mf", manifest],
      ["no certificate", text.replace(/-----BEGIN[\s\S]*/, ""), "a.mf", manifest],
      [
        "broken certificate",
        text.replace("-----BEGIN CERTIFICATE-----\nMII", "-----BEGIN CERTIFICATE-----\nAAA"),
        "a.mf",
        manifest,
      ],
      ["nothing", "", "a.mf", manifest],
    ];
    for (const [what, cert, name, bytes] of changes)
      t.is(signatureProblems(cert, name, bytes).length, 1, what);
  });
});

test("what cannot sign is said, without a word of the key", async (t) => {
  await withFolder(async (folder) => {
    const { key, certificate } = await identity(folder, "one");
    const other = await identity(folder, "two");
    const small = await identity(folder, "small", ["rsa:1024"]);
    const curve = await identity(folder, "curve", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    await run("openssl", ["rsa", "-aes256", "-passout", "pass:x", "-out", join(folder, "locked.key")], {
      input: key,
    });
    const locked = await readFile(join(folder, "locked.key"), "utf8");
    const table: [string, string, string, RegExp][] = [
      ["no certificate", key, "", /no certificate/],
      ["a key for a certificate", key, key, /no certificate/],
      ["a broken certificate", key, certificate.replace("MII", "AAA"), /sign\.certificate: /],
      ["no key", "hello", certificate, /no private key/],
      ["a public thing for a key", certificate, certificate, /no private key/],
      ["a passphrase", locked, certificate, /passphrase/],
      ["a short key", small.key, small.certificate, /2048/],
      ["another kind of key", curve.key, curve.certificate, /RSA/],
      ["another's certificate", key, other.certificate, /not of sign\.key/],
    ];
    for (const [what, keyText, certificateText, message] of table) {
      const error = t.throws(
        () => signerOf(keyText, certificateText),
        { instanceOf: PosternError, message },
        what,
      );
      t.is(error.code, "input.sign");
      t.notRegex(`${error.message}${error.hint}${error.cause ?? ""}`, /PRIVATE|[A-Za-z0-9+/]{40}/);
    }
  });
});

test("the issuers' certificates come along, the signer's first, whatever stands around them", async (t) => {
  await withFolder(async (folder) => {
    const { key, certificate } = await identity(folder, "one");
    const other = await identity(folder, "two");
    const file = `subject=CN = one\r\n${certificate.replaceAll("\n", "\r\n")}\nsubject=CN = two\n${other.certificate}`;
    t.is(signerOf(key, file).certificates, `${certificate}${other.certificate}`);
  });
});
