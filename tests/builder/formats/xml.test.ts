import test from "ava";
import fc from "fast-check";
import { PosternError } from "../../../builder/error.ts";
import { escapeXml } from "../../../builder/formats/ova/ovf.ts";
import { childrenOf, parseXml } from "../../../builder/formats/ova/xml.ts";

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
// Any text without control characters, as names and versions are.
const line = fc.string({ unit: "binary" }).filter((text) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text));

test("whatever a value holds, it comes back as it was and adds no element", (t) => {
  fc.assert(
    fc.property(line, line, (attribute, text) => {
      const root = parseXml(`${HEAD}<a x="${escapeXml(attribute)}"><b>${escapeXml(text)}</b></a>`);
      t.is(root.attributes.get("x"), attribute);
      t.is(root.children.length, 1);
      t.is(childrenOf(root, "b")[0]?.text, text);
    }),
  );
});

test("a control character is refused, not dropped", (t) => {
  for (const text of ["\0", "a\nb", "\u001b[0m", "\ufffe", "\ud800"]) {
    t.is(t.throws(() => escapeXml(text), { instanceOf: PosternError })?.code, "artifact.ovf");
  }
});

test("what could be read in two ways is refused", (t) => {
  const table = [
    "<a/>",
    `${HEAD}<a>`,
    `${HEAD}</a>`,
    `${HEAD}<a></b></a>`,
    `${HEAD}<a/><b/>`,
    `${HEAD}<a/>text`,
    `${HEAD}<a x="1" x="2"/>`,
    `${HEAD}<a x="1" n:x="2"/>`,
    `${HEAD}<a x='1'/>`,
    `${HEAD}<a>&nbsp;</a>`,
    `${HEAD}<a>&#65;</a>`,
    `${HEAD}<a>& b</a>`,
    `${HEAD}<a><!-- c --></a>`,
    `${HEAD}<a><![CDATA[c]]></a>`,
    `${HEAD}<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>`,
    `${HEAD}<a x="<"/>`,
    HEAD,
  ];
  for (const document of table) t.throws(() => parseXml(document), { instanceOf: SyntaxError }, document);
});
