import type { ExecutionContext } from "ava";
import type { Row } from "../../../builder/attack/probe.ts";
import { countsOf, countsText } from "../../../builder/attack/report.ts";
import type { LabReport } from "./attackrun.ts";

/** Limits of Squid without the check of TLS hellos, and no others. */
const LIMITS = ["inside-front", "inside-ssh", "inside-plain"];

/**
 * Holes of the public script that were found by hand before there was a probe. Where one is no longer seen open, it
 * is the probes that have gone blind.
 */
const KNOWN_HOLES = [
  "address-plain",
  "address-plain-port",
  "port-other",
  "port-ssh",
  "leads-loopback",
  "leads-metadata",
  "leads-private",
  "itself-name",
  "itself-metadata",
  "manager-itself",
  "scheme-ftp",
  "method-TRACE",
  "told-version",
  "name-tenant-storage",
  "name-tenant-app",
  "inside-front",
  "look-udp",
];

/** Our column holds on every row, the script's known holes are open, and what must pass passes for both. */
export function assertAttacked(t: ExecutionContext, report: LabReport): void {
  const { version, postern, script, hello } = report;
  t.log(`Squid ${version}: ${countsText(countsOf(postern))}; the script: ${countsText(countsOf(script))}`);
  t.true(postern.length > 250);
  t.deepEqual(open(postern), []);
  t.deepEqual(
    postern.filter(({ verdict }) => verdict !== "held").map(({ id }) => id),
    LIMITS,
  );
  if (hello !== undefined)
    t.deepEqual(
      hello.filter(({ verdict }) => verdict !== "held").map(({ id, came }) => `${id}: ${came}`),
      [],
    );
  const holes = script.filter(({ verdict }) => verdict === "hole").map(({ id }) => id);
  t.deepEqual(
    KNOWN_HOLES.filter((id) => !holes.includes(id)),
    [],
  );
  t.false(holes.some((id) => id.startsWith("control-")));
}

function open(rows: readonly Row[]): string[] {
  return rows.filter(({ verdict }) => verdict === "hole").map(({ id, came }) => `${id}: ${came}`);
}
