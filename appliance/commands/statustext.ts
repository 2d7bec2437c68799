import type { Status } from "../check/status.ts";
import { statusPage } from "../console/status/statuspage.ts";

/** The whole status to be read, without keys. */
export function statusText(status: Status, columns: number): string {
  const page = { columns, rows: Number.POSITIVE_INFINITY, isConsole: false, hasKeys: false };
  return statusPage(status, page).join("\n");
}
