import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../builder/host/run.ts";

export interface Certificates {
  /** PEM of the test's own authority; the only one a test client trusts. */
  ca: string;
  /** PEM of the server's certificate and key. */
  certificate: string;
  key: string;
}

/** Makes an authority and one server certificate for the names, for this run only, in `folder`. */
export async function makeCertificates(folder: string, names: readonly string[]): Promise<Certificates> {
  const at = (name: string): string => join(folder, name);
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
  await run("openssl", [
    ...["req", "-x509", ...fresh, "-keyout", at("ca.key"), "-out", at("ca.pem"), "-days", "2"],
    ...["-subj", "/CN=Postern boot test authority", "-addext", "basicConstraints=critical,CA:TRUE"],
  ]);
  await run("openssl", [
    ...["req", ...fresh, "-keyout", at("server.key"), "-out", at("server.csr"), "-subj", "/CN=fake cloud"],
  ]);
  const alternatives = names.map((name) => `DNS:${name}`).join(",");
  await writeFile(at("server.ext"), `basicConstraints=CA:FALSE\nsubjectAltName=${alternatives}\n`);
  await run("openssl", [
    ...[
      "x509",
      "-req",
      "-in",
      at("server.csr"),
      "-CA",
      at("ca.pem"),
      "-CAkey",
      at("ca.key"),
      "-CAcreateserial",
    ],
    ...["-days", "2", "-extfile", at("server.ext"), "-out", at("server.pem")],
  ]);
  const [ca, certificate, key] = await Promise.all(
    ["ca.pem", "server.pem", "server.key"].map((name) => readFile(at(name), "utf8")),
  );
  if (ca === undefined || certificate === undefined || key === undefined)
    throw new Error("openssl left no files");
  return { ca, certificate, key };
}
