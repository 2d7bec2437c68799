import test from "ava";
import fc from "fast-check";
import { parseAnswers } from "../../../builder/attack/answers.ts";
import { requestHeads } from "../../../builder/attack/heads.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const NO = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";

const answers: readonly [
  what: string,
  text: string,
  isConnect: boolean,
  statuses: number[],
  whole: boolean,
][] = [
  ["nothing", "", false, [], false],
  ["half a head", "HTTP/1.1 403 For", false, [], false],
  ["a refusal", NO, true, [403], true],
  ["two refusals", NO + NO, true, [403, 403], true],
  ["a page and a refusal", OK + NO, false, [200, 403], true],
  ["half a body", OK.slice(0, -1), false, [200], false],
  ["chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", false, [200], true],
  ["a body to the end of the connection", "HTTP/1.1 200 OK\r\n\r\nok", false, [200], false],
  ["a tunnel with what looks like an answer inside", `HTTP/1.1 200 OK\r\n\r\n${NO}`, true, [200], true],
  ["no HTTP", "<html>", false, [0], true],
];

for (const [what, text, isConnect, statuses, isWhole] of answers) {
  test(`answers: ${what}`, (t) => {
    const parsed = parseAnswers(text, isConnect);
    t.deepEqual(parsed.statuses, statuses);
    t.is(parsed.isWhole, isWhole);
  });
}

test("what follows a tunnel's answer is the tunnel's", (t) => {
  t.is(parseAnswers(`HTTP/1.1 200 OK\r\n\r\n${NO}`, true).tunnel, NO);
});

const GET = "GET / HTTP/1.1\r\nHost: x\r\n";
const requests: readonly [what: string, text: string, count: number][] = [
  ["one", `${GET}\r\n`, 1],
  ["two", `${GET}\r\n${GET}\r\n`, 2],
  ["a body that looks like another", `${GET}Content-Length: 24\r\n\r\nPOST / HTTP/1.1\r\nA: b\r\n\r\n`, 1],
  ["chunks that look like another", `${GET}Transfer-Encoding: chunked\r\n\r\n3\r\nGET\r\n0\r\n\r\n`, 1],
  ["another after chunks", `${GET}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${GET}\r\n`, 2],
  [
    "both lengths: the second counts",
    `${GET}Transfer-Encoding: chunked\r\nContent-Length: 99\r\n\r\n${GET}\r\n`,
    2,
  ],
  ["no request", "\x16\x03\x01", 0],
];

for (const [what, text, count] of requests) {
  test(`requests: ${what}`, (t) => t.is(requestHeads(text).length, count));
}

test("whatever comes, both end and never throw", (t) => {
  const piece = fc.constantFrom(
    OK,
    NO,
    GET,
    "\r\n",
    "0\r\n\r\n",
    "Transfer-Encoding: chunked\r\n",
    "\0",
    "HTTP/1.1 ",
  );
  fc.assert(
    fc.property(fc.array(piece), fc.boolean(), (pieces, isConnect) => {
      const text = pieces.join("");
      const { statuses } = parseAnswers(text, isConnect);
      return statuses.length <= pieces.length * 2 && requestHeads(text).length <= pieces.length;
    }),
  );
  t.pass();
});
