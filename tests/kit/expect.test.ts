import test from "ava";
import { Transcript } from "../boot/kit/expect.ts";

test("matches in order, and nothing twice", (t) => {
  const transcript = new Transcript();
  transcript.append("one two one");
  t.is(transcript.take("one")?.text, "one");
  t.is(transcript.unread, " two one");
  t.is(transcript.take("one")?.text, "one");
  t.is(transcript.take("one"), undefined);
});

test("waits across pieces and gives groups", (t) => {
  const transcript = new Transcript();
  transcript.append("address 198.51.");
  t.is(transcript.take(/address ([\d.]+)\n/), undefined);
  transcript.append("100.15\nnext");
  t.deepEqual(transcript.take(/address ([\d.]+)\n/)?.groups, ["198.51.100.15"]);
  t.is(transcript.unread, "next");
});

test("a pattern with the g flag keeps no state of its own", (t) => {
  const transcript = new Transcript();
  const pattern = /a/g;
  transcript.append("aa");
  t.truthy(transcript.take(pattern));
  t.truthy(transcript.take(pattern));
  t.is(transcript.take(pattern), undefined);
});

test("skip forgets what was not matched, and the text stays for the log", (t) => {
  const transcript = new Transcript();
  transcript.append("old prompt: ");
  transcript.skip();
  t.is(transcript.take("old prompt"), undefined);
  t.is(transcript.lastLines(1), "old prompt:");
});
