import { stripVTControlCharacters } from "node:util";

/** Names in a query that say nothing but which call it is. Everything else there may be a signature. */
const OPEN_NAMES = new Set(["api-version", "comp", "restype", "timeout"]);

const HIDDEN = "(hidden)";
const URL_IN_TEXT = /\bhttps?:\/\/[^\s"'<>\\]+/gi;
/** What a signature looks like where it stands without its address: `sig=...`, also encoded, quoted or as JSON. */
const LOOSE =
  /\b(sig|sigs|signature|sas|accesssas|accountkey|sharedaccesssignature|access_token|accesstoken|client_secret|password)(["']?\s*(?:=|:|%3d)\s*["']?)[^\s"'<>&;,]+/gi;
const AUTHORIZATION = /\b(bearer|sharedkey|sharedkeylite)\s+[^\s"'<>,]+/gi;
/** A JSON Web Token: three parts in base64url, the first an object. */
const WEB_TOKEN = /\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?/g;

/** Text that came from a service, or holds an address, as it may be shown and logged: without signatures and tokens. */
export function redact(text: string): string {
  return stripVTControlCharacters(text)
    .replace(URL_IN_TEXT, redactUrl)
    .replace(WEB_TOKEN, HIDDEN)
    .replace(AUTHORIZATION, `$1 ${HIDDEN}`)
    .replace(LOOSE, `$1$2${HIDDEN}`);
}

/** An address without user, password, fragment, and without what could be a signature in its query. */
export function redactUrl(address: string): string {
  const end = address.search(/[?#]/);
  const place = (end < 0 ? address : address.slice(0, end)).replace(/\/\/[^/]*@/, `//${HIDDEN}@`);
  if (end < 0) return place;
  const [query = ""] = address.slice(end + 1).split("#");
  const parts = query.split("&").filter((part) => OPEN_NAMES.has(part.split("=")[0] ?? ""));
  const isWhole = parts.length === query.split("&").length && address[end] === "?";
  return `${place}?${[...parts, ...(isWhole ? [] : [HIDDEN])].join("&")}`;
}
