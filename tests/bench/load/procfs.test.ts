import { readFileSync } from "node:fs";
import test from "ava";
import { cpuSecondsIn, memoryField, pssIn, usageOf } from "../../../bench/load/procfs.ts";

const STAT = "17 (squid (a) b) S 1 17 17 0 -1 4194560 100 200 0 0 250 50 7 8 20 0 1 0 99 1000 200";

test("CPU seconds stand behind a name with spaces and brackets", (t) => {
  t.is(cpuSecondsIn(STAT), 3);
  t.is(cpuSecondsIn(""), 0);
});

test("memory stands in kilobytes", (t) => {
  t.is(pssIn("Rss:                 10 kB\nPss:                1234 kB\nPss_Anon: 5 kB\n"), 1234);
  t.is(pssIn(""), 0);
  t.is(memoryField("MemTotal: 1 kB\nSUnreclaim:      45508 kB\n", "SUnreclaim"), 45_508);
});

test("this very process uses something of each, and one that is gone nothing", async (t) => {
  const { cpuSeconds, pssKb, descriptors } = await usageOf([process.pid]);
  t.true(cpuSeconds > 0 && pssKb > 1000);
  // Before Linux 6.2 the folder has no size.
  t.true(
    descriptors > 2 || !/^[7-9]|^6\.([2-9]|\d\d)/.test(readFileSync("/proc/sys/kernel/osrelease", "utf8")),
  );
  t.deepEqual(await usageOf([2 ** 22 + 1]), { cpuSeconds: 0, pssKb: 0, descriptors: 0 });
});
