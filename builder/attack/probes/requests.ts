import type { Must } from "../probe.ts";

/** The request lines that most probes are made of. */

/** A tunnel, with headers of its own after Host. */
export function tunnelTo(target: string, headers = "", host = target): string {
  return `CONNECT ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`;
}

/** A plain request in absolute form. */
export function ask(method: string, url: string, headers = "", body = ""): string {
  const host = /^\w+:\/\/([^/]*)/.exec(url)?.[1] ?? "";
  return `${method} ${url} HTTP/1.1\r\nHost: ${host}\r\n${headers}Connection: close\r\n\r\n${body}`;
}

/** The bytes of a text in UTF-8, as latin1. */
export function utf8(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** A host of somebody else: documentation names (RFC 2606) that nobody allows. */
export const OTHER = "www.example.com";

/** What another's host on the internet and inner ones are called by number; only the lab has something there. */
export const FOREIGN_ADDRESS = "203.0.113.66";

export const REFUSED = { answer: "refused" } as const;

/** Read in one way or refused: an odd form of an allowed target leads to that one and to nothing else. */
export const ALLOWED_ALONE: Must = { answer: "either", beyondLacks: [/^at (?!203\.0\.113\.50:443$)/m] };
