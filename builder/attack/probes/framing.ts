import type { Aim, Must, Probe } from "../probe.ts";
import { OTHER, REFUSED, tunnelTo } from "./requests.ts";

const topic = "request smuggling";
const why = "Two servers see two different requests in the same bytes, and one of them was never checked.";
const source = "https://www.rfc-editor.org/rfc/rfc9112#section-11.2";

/** Refused, or sent on in a form that has one meaning: one request, one length, nothing of the second one. */
const PLAIN: Must = {
  answer: "either",
  beyond: 1,
  beyondLacks: [
    /^POST /m,
    /transfer-encoding[\s\S]*content-length|content-length[\s\S]*transfer-encoding/i,
    /content-length:[^\n]*\n[\s\S]*content-length:/i,
    /[^\r]\n(?!at )[^\n]*: /,
    /\0|\r(?!\n)/,
    /^[ \t]+\S/m,
    /^\S+[ \t]+:/m,
  ],
};

const SECOND = "POST /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/** Headers and what follows them, after `GET http://name/`. */
const SHAPES: readonly [id: string, title: string, rest: string][] = [
  ["te-cl", "both lengths", `Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`],
  [
    "cl-te",
    "both lengths, turned",
    `Transfer-Encoding: chunked\r\nContent-Length: 40\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  ["cl-cl", "two lengths that differ", `Content-Length: 0\r\nContent-Length: 40\r\n\r\n${SECOND}`],
  ["cl-list", "a list of lengths", `Content-Length: 0, 40\r\n\r\n${SECOND}`],
  ["cl-plus", "a length with a plus", `Content-Length: +40\r\n\r\n${SECOND}`],
  ["cl-negative", "a length below nought", `Content-Length: -1\r\n\r\n${SECOND}`],
  ["cl-hex", "a length in hexadecimal", `Content-Length: 0x28\r\n\r\n${SECOND}`],
  ["cl-huge", "a length of 64 bits and more", `Content-Length: 18446744073709551616\r\n\r\n${SECOND}`],
  ["cl-space", "a space before the colon", `Content-Length : 40\r\n\r\n${SECOND}`],
  [
    "te-space",
    "a space before the colon of the encoding",
    `Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  ["te-tab", "a tab before the encoding", `Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n${SECOND}`],
  ["te-odd", "an encoding that only looks like one", `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${SECOND}`],
  [
    "te-two",
    "two encodings",
    `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${SECOND}`,
  ],
  ["te-list", "chunked, and more", `Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SECOND}`],
  ["te-quoted", "the encoding in quotes", `Transfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n${SECOND}`],
  ["te-fold", "the encoding on a folded line", `Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${SECOND}`],
  [
    "chunk-huge",
    "a chunk of 64 bits and more",
    `Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n${SECOND}`,
  ],
  ["chunk-negative", "a chunk below nought", `Transfer-Encoding: chunked\r\n\r\n-1\r\n${SECOND}`],
  [
    "chunk-ext",
    "a chunk extension with a bare line feed",
    `Transfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n${SECOND}`,
  ],
  ["chunk-trailer", "a request in the trailer", `Transfer-Encoding: chunked\r\n\r\n0\r\n${SECOND}`],
  ["chunk-bare", "chunks with bare line feeds", `Transfer-Encoding: chunked\r\n\r\n0\n\n${SECOND}`],
  ["line-feed", "lines that end in a bare line feed", "X-One: 1\nX-Two: 2\r\n\r\n"],
  ["return", "a bare carriage return in a header", "X-One: 1\rX-Two: 2\r\n\r\n"],
  ["nul", "a NUL byte in a header", "X-One: 1\0\r\nX-Two: 2\r\n\r\n"],
  ["fold", "a folded header", "X-One: 1\r\n X-Two: 2\r\n\r\n"],
  ["fold-first", "a first header that begins with a space", " X-One: 1\r\n\r\n"],
  ["no-colon", "a header without a colon", "X-One\r\n\r\n"],
  [
    "connection",
    "a length that is to be dropped on the way",
    `Content-Length: 40\r\nConnection: Content-Length\r\n\r\n${SECOND}`,
  ],
  ["expect", "Expect, and a second request", `Expect: 100-continue\r\nContent-Length: 40\r\n\r\n${SECOND}`],
];

export const FRAMING: readonly Probe[] = [
  ...SHAPES.map(([id, title, rest]) => ({
    id: `smuggle-${id}`,
    topic,
    title,
    send: ({ web }: Aim) => [`GET http://${web}/ HTTP/1.1\r\nHost: ${web}\r\n${rest}`],
    must: PLAIN,
    why,
    source,
    needs: ["web", "origin"] as const,
  })),
  {
    id: "smuggle-url-lines",
    topic,
    title: "line ends in the URL",
    send: ({ web }) => [`GET http://${web}/%0d%0aX-Injected:%201 HTTP/1.1\r\nHost: ${web}\r\n\r\n`],
    must: { answer: "either", beyondLacks: [/^x-injected/im] },
    why: "A header is put into the request of the proxy.",
    needs: ["web", "origin"],
  },
  {
    id: "smuggle-url-space",
    topic,
    title: "a version inside the URL",
    send: ({ web }) => [`GET http://${web}/ HTTP/1.0\r\rX: HTTP/1.1\r\nHost: ${web}\r\n\r\n`],
    must: PLAIN,
    why,
    needs: ["web", "origin"],
  },
  {
    id: "smuggle-pipeline",
    topic,
    title: "two requests at once, each to another name",
    send: () => [tunnelTo(`${OTHER}:443`) + tunnelTo(`${OTHER}:22`)],
    must: REFUSED,
    why: "Only the first one is checked.",
    source: "https://www.rfc-editor.org/rfc/rfc9112#section-9.3.2",
  },
  {
    id: "smuggle-pipeline-web",
    topic,
    title: "an allowed GET with a tunnel to another name behind it",
    send: ({ web }) => [`GET http://${web}/ HTTP/1.1\r\nHost: ${web}\r\n\r\n${tunnelTo(`${OTHER}:443`)}`],
    must: { answer: "either", beyond: 1, beyondLacks: [/^CONNECT /m, /^at \S+:443$/m] },
    why: "Only the first one is checked.",
    needs: ["web", "origin"],
  },
  {
    id: "smuggle-after-refusal",
    topic,
    title: "another request on the connection of a refused one",
    send: ({ allowed }) => [
      tunnelTo(`${OTHER}:443`),
      tunnelTo(`${allowed}:22`),
      `GET http://${OTHER}/ HTTP/1.1\r\nHost: ${OTHER}\r\n\r\n`,
    ],
    must: REFUSED,
    why: "A connection that was judged once is not judged again.",
  },
  {
    id: "smuggle-connect-body",
    topic,
    title: "a tunnel with a body",
    send: () => [tunnelTo(`${OTHER}:443`, "Content-Length: 40\r\n") + SECOND],
    must: REFUSED,
    why,
  },
  {
    id: "smuggle-connect-chunked",
    topic,
    title: "a tunnel with chunks",
    send: () => [`${tunnelTo(`${OTHER}:443`, "Transfer-Encoding: chunked\r\n")}0\r\n\r\n${SECOND}`],
    must: REFUSED,
    why,
  },
];
