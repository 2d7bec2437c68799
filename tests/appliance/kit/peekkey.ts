import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PEEK_KEY } from "../../../appliance/paths.ts";
import { TOOL_ENV } from "./hastool.ts";

let made: string | undefined;

/** The certificate that the machine makes for Squid at each start, below a folder. Returns its path. */
export function layPeekKey(root: string): string {
  made ??= execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "36500",
    ].concat(["-subj", "/CN=postern", "-keyout", "-", "-out", "-"]),
    { encoding: "utf8", env: TOOL_ENV, stdio: ["ignore", "pipe", "ignore"] },
  );
  const path = join(root, PEEK_KEY);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, made, { mode: 0o644 });
  return path;
}
