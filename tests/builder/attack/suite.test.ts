import test from "ava";
import type { Aim } from "../../../builder/attack/probe.ts";
import { clientHello } from "../../../builder/attack/probes/hello.ts";
import { isControl, SUITE } from "../../../builder/attack/suite.ts";
import { mustText, sentText, visible } from "../../../builder/attack/words.ts";

const AIM: Aim = {
  allowed: "edr.eu.endpoint.security.microsoft.com",
  web: "crl.microsoft.com",
  spareWebs: ["a.example.org", "b.example.org", "c.example.org"],
  proxy: "10.20.0.1",
  port: 3128,
  under: "endpoint.security.microsoft.com",
  flood: 10,
};

test("each probe has an id of its own, says why, and has bytes that are latin1", (t) => {
  const ids = SUITE.map(({ id }) => id);
  t.is(new Set(ids).size, ids.length);
  for (const probe of SUITE) {
    const pieces = probe.send(AIM);
    t.true(pieces.length > 0, probe.id);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: every byte is meant.
    for (const piece of pieces) t.regex(piece, /^[\x00-\xff]*$/, probe.id);
    t.regex(probe.why, /\.$/, probe.id);
    t.deepEqual(probe.send(AIM), pieces, `${probe.id}: the same again`);
  }
});

test("what an attacker asks for is never what is allowed", (t) => {
  const plain = `CONNECT ${AIM.allowed}:443 HTTP/1.1\r\nHost: ${AIM.allowed}:443\r\n\r\n`;
  for (const probe of SUITE)
    if (probe.must.answer === "refused" && probe.way === undefined && probe.from === undefined)
      t.not(probe.send(AIM)[0], plain, probe.id);
});

test("the controls come first, and what lets a forged name server speak needs one", (t) => {
  t.true(SUITE.filter(isControl).length >= 2);
  t.true(SUITE.slice(0, 2).every(isControl));
  for (const { id, names, turns, needs = [] } of SUITE)
    if (names !== undefined || turns !== undefined) t.true(needs.includes("dns"), id);
});

test("what is printed of a probe is plain ASCII on one line", (t) => {
  for (const { send, must, title, why } of SUITE)
    for (const text of [sentText(send(AIM)), mustText(must), title, why]) t.regex(text, /^[\x20-\x7e]*$/);
  t.is(visible("a\r\n\0\xff\\"), "a\\r\\n\\x00\\xff\\\\");
});

test("the hello names its host, and its lengths add up", (t) => {
  const bytes = Buffer.from(clientHello("www.example.com"), "latin1");
  t.is(bytes[0], 22);
  t.is(bytes.readUInt16BE(3), bytes.length - 5);
  t.is(bytes.readUIntBE(6, 3), bytes.length - 9);
  t.true(bytes.includes("www.example.com"));
});
