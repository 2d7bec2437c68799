import Mustache from "mustache";
import type { Overlay, OverlayException } from "../../overlays/overlay.ts";

/** The content's own names. */
const PREFIX = "xccdf_org.ssgproject.content";
export const CONTENT_PROFILE = `${PREFIX}_profile_cis_level1_server`;
export const TAILORED_PROFILE = "xccdf_org.postern_profile_cis_level1_server";

/** A choice that the benchmark leaves open, taken as it foresees: by a value of its own. */
export interface Choice {
  value: string;
  selector: string;
  reason: string;
}

/** The content proposes systemd-timesyncd and nftables; the benchmark asks for one time service and one firewall. */
export const CHOICES: readonly Choice[] = [
  { value: "var_timesync_service", selector: "chronyd", reason: "The time service is chrony." },
  { value: "var_network_filtering_service", selector: "ufw", reason: "The firewall is UFW." },
];

/** A rule's short name in the content; the tests of lynis and the controls are written otherwise. */
const RULE = /^[a-z][a-z0-9.-]*(_[a-z0-9.-]+)+$/;

/** The overlays' exceptions that are rules of the content, sorted; each once. */
export function ruleExceptions(overlays: readonly Pick<Overlay, "exceptions">[]): OverlayException[] {
  const rules = new Map<string, OverlayException>();
  for (const one of overlays.flatMap(({ exceptions }) => exceptions)) {
    if (RULE.test(one.id) && !rules.has(one.id)) rules.set(one.id, one);
  }
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

// A comment may not hold two hyphens, so the reasons go into remarks, which XCCDF has for that.
const TEMPLATE = `<?xml version="1.0" encoding="UTF-8"?>
<xccdf:Tailoring xmlns:xccdf="http://checklists.nist.gov/xccdf/1.2" id="xccdf_org.postern_tailoring_default">
  <xccdf:version time="{{time}}">1</xccdf:version>
  <xccdf:Profile id="{{profile}}" extends="{{extended}}">
    <xccdf:title override="true">CIS Ubuntu 24.04 Level 1 Server, with Postern's written exceptions</xccdf:title>
    {{#exceptions}}
    <xccdf:select idref="{{prefix}}_rule_{{id}}" selected="false">
      <xccdf:remark>{{reason}}</xccdf:remark>
    </xccdf:select>
    {{/exceptions}}
    {{#choices}}
    <xccdf:refine-value idref="{{prefix}}_value_{{value}}" selector="{{selector}}">
      <xccdf:remark>{{reason}}</xccdf:remark>
    </xccdf:refine-value>
    {{/choices}}
  </xccdf:Profile>
</xccdf:Tailoring>
`;

/**
 * The tailoring file for `oscap xccdf eval --tailoring-file`: the exceptions and choices with their reasons.
 *
 * @see https://csrc.nist.gov/pubs/ir/7275/r4/upd1/final XCCDF 1.2
 */
export function tailoringText(exceptions: readonly OverlayException[], epoch: number): string {
  return Mustache.render(TEMPLATE, {
    time: new Date(epoch * 1000).toISOString().slice(0, 19),
    profile: TAILORED_PROFILE,
    extended: CONTENT_PROFILE,
    prefix: PREFIX,
    exceptions,
    choices: CHOICES,
  });
}
