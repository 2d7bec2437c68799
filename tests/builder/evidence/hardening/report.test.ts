import test from "ava";
import fc from "fast-check";
import { reportPage } from "../../../../builder/evidence/hardening/page.ts";
import { type Answer, hardeningReport, reportText } from "../../../../builder/evidence/hardening/report.ts";
import { parseOverlay } from "../../../../builder/overlays/overlay.ts";

const OPTIONS = { version: "1.2.3", base: "debian-13", epoch: 1_767_225_600 } as const;

const kernel = parseOverlay(
  "kernel",
  `
title: The kernel
checks:
  - { id: K1-bpf, title: Pointers are hidden, command: [sysctl, -n, kernel.kptr_restrict], stdout: '^2$', does: Set in sysctl.d., cis: [sysctl_kernel_kptr_restrict, "1.5.1"] }
  - { id: console-ctl, title: It runs, command: [sh, -c, "echo 'a b'"] }
controls: [K1, K2]
exceptions:
  - { id: grub2_password, reason: Editing is closed to everybody. }
`,
  "kernel/overlay.yaml",
);
const ANSWERS: Answer[] = [
  { overlay: "kernel", id: "K1-bpf", passed: true, exit: 0, stdout: "2" },
  { overlay: "kernel", id: "console-ctl", passed: true, exit: 0, stdout: "" },
  { overlay: "other", id: "K1-bpf", passed: false, exit: 9, stdout: "of another overlay" },
];

test("a report joins what was asked and what the machine answered", (t) => {
  const report = hardeningReport([kernel, parseOverlay("empty", "title: Nothing", "f")], ANSWERS, OPTIONS);
  t.is(report.built, "2026-01-01T00:00:00.000Z");
  t.deepEqual(report.counts, { checks: 2, passed: 2, exceptions: 1, cis: 2 });
  t.deepEqual(
    report.sections.map(({ id, unasked }) => ({ id, unasked })),
    [{ id: "kernel", unasked: ["K2"] }],
  );
  t.deepEqual(report.sections[0]?.checks[0], {
    id: "K1-bpf",
    control: "K1",
    title: "Pointers are hidden",
    does: "Set in sysctl.d.",
    command: ["sysctl", "-n", "kernel.kptr_restrict"],
    expected: { exit: 0, stdout: "^2$" },
    found: { exit: 0, stdout: "2" },
    passed: true,
    cis: ["sysctl_kernel_kptr_restrict", "1.5.1"],
  });
  t.false("control" in (report.sections[0]?.checks[1] ?? {}), "a name of its own is no control");
});

test("a check without an answer is no report", (t) => {
  t.throws(() => hardeningReport([kernel], ANSWERS.slice(0, 1), OPTIONS), {
    message: /console-ctl of overlay kernel/,
  });
});

test("the page shows what was done, asked and answered, and every exception with its reason", async (t) => {
  const page = await reportPage(hardeningReport([kernel], ANSWERS, OPTIONS));
  for (const text of [
    "Set in sysctl.d.",
    "$ sysctl -n kernel.kptr_restrict\n2</pre>",
    "sysctl_kernel_kptr_restrict, 1.5.1",
    "(no output)",
    "grub2_password</td><td>Editing is closed to everybody.",
    "without a check of its own here: K2",
    "2 passed, 0 failed",
  ]) {
    t.true(page.includes(text), text);
  }
});

test("the page needs nothing but itself, and runs nothing", async (t) => {
  const page = await reportPage(hardeningReport([kernel], ANSWERS, OPTIONS));
  t.notRegex(page, /<script|<link|<img|<iframe|@import|url\(|https?:|\son\w+=/i);
  t.true(page.includes("@media print"));
  t.true(page.includes("prefers-color-scheme: dark"));
});

test("whatever a machine answers, no markup of it reaches the page, and the same answers give the same bytes", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.boolean(), async (noise, passed) => {
      const answers = ANSWERS.map((one) => ({ ...one, passed, stdout: `${noise}<script>x</script>"'&` }));
      const report = hardeningReport([kernel], answers, OPTIONS);
      const page = await reportPage(report);
      t.false(page.includes("<script"));
      t.true(page.includes("&lt;script&gt;"));
      t.is(await reportPage(report), page);
      t.deepEqual(JSON.parse(reportText(report)), report);
      t.is(report.counts.passed, passed ? 2 : 0);
    }),
    { numRuns: 30 },
  );
});
