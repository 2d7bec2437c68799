import test from "ava";
import fc from "fast-check";
import {
  CHOICES,
  CONTENT_PROFILE,
  ruleExceptions,
  TAILORED_PROFILE,
  tailoringText,
} from "../../../../builder/evidence/hardening/tailoring.ts";

const overlay = (...ids: string[]) => ({ exceptions: ids.map((id) => ({ id, reason: `Why not ${id}.` })) });

test("rules of the content are taken, sorted and once; tests of lynis and controls are not", (t) => {
  const found = ruleExceptions([
    overlay("service_squid_disabled", "HRDN-7230", "F1-hidepid", "passwd", "U2"),
    overlay("package_systemd-journal-remote_installed", "grub2_password", "service_squid_disabled"),
  ]);
  t.deepEqual(
    found.map(({ id }) => id),
    ["grub2_password", "package_systemd-journal-remote_installed", "service_squid_disabled"],
  );
});

test("the file deselects each exception with its reason, and makes the benchmark's own choices", (t) => {
  const text = tailoringText(ruleExceptions([overlay("grub2_password")]), 1_767_225_600);
  t.true(text.includes(`id="${TAILORED_PROFILE}" extends="${CONTENT_PROFILE}"`));
  t.true(text.includes('time="2026-01-01T00:00:00"'));
  t.regex(
    text,
    /<xccdf:select idref="xccdf_org.ssgproject.content_rule_grub2_password" selected="false">\s*<xccdf:remark>Why not grub2_password.</,
  );
  t.is(text.match(/<xccdf:select /g)?.length, 1);
  t.is(text.match(/<xccdf:refine-value /g)?.length, CHOICES.length);
});

test("no reason breaks the XML", (t) => {
  fc.assert(
    fc.property(fc.string(), (reason) => {
      const text = tailoringText([{ id: "a_b", reason: `${reason}</xccdf:remark><x>&"'` }], 0);
      t.is(text.match(/<\/xccdf:remark>/g)?.length, 1 + CHOICES.length);
      t.false(text.includes("<x>"));
    }),
  );
});
