import fc from "fast-check";
import { stringify } from "yaml";
import type { Settings } from "../../../../appliance/settings/settings.ts";

/** Ways in which people and programs lay out the same settings. */
const layout = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any" as const, "block" as const, "flow" as const),
  defaultStringType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const, "QUOTE_SINGLE" as const),
  lineWidth: fc.constantFrom(0, 40),
});

const extras = fc.array(
  fc.tuple(fc.nat(), fc.constantFrom("", "# a remark", "    # a remark further in", "\t")),
  {
    maxLength: 8,
  },
);

/** A settings file as somebody may have left it: comments, blank lines, columns, CRLF. */
export function writtenSomehow(settings: Settings): fc.Arbitrary<string> {
  return fc.record({ layout, extras, crlf: fc.boolean(), beside: fc.boolean() }).map((how) => {
    const lines = stringify(settings, { aliasDuplicateObjects: false, ...how.layout }).split("\n");
    for (const [place, line] of how.extras) lines.splice(place % lines.length, 0, line);
    const text = lines
      .map((line) =>
        how.beside && /^ *(cidr|mode|zone): [^"'|>]+$/.test(line) ? `${line}    # beside` : line,
      )
      .join("\n");
    return how.crlf ? text.replaceAll("\n", "\r\n") : text;
  });
}
