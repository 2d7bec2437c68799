import test from "ava";
import { readCopyright } from "../../../../../builder/evidence/sbom/license/copyright.ts";

const HEAD = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n";
const PATH = "usr/share/doc/x/copyright";

/** A file's expression with each reference as its name, and the texts by name. */
function read(text: string): {
  expression: string | undefined;
  comment: string;
  texts: Record<string, string>;
} {
  const { license, texts } = readCopyright(text, PATH);
  const named = texts.reduce(
    (all, { id, name }) => all.replaceAll(id, `<${name}>`),
    license.expression ?? "",
  );
  return {
    expression: license.expression === undefined ? undefined : named,
    comment: license.comment,
    texts: Object.fromEntries(texts.map((one) => [one.name, one.text])),
  };
}

test("all licences of all files together; the standing paragraphs are no files", (t) => {
  const { expression, texts } = read(`${HEAD}License: header

Files: *
Copyright: a
License: GPL-2+

Files: b c
Copyright: b
License: Expat or Artistic, and GPL-2+
 inline

License: Artistic
 The text
 .
   of it.

License: never-used
 text
`);
  t.is(expression, "GPL-2.0-or-later AND (<Artistic> OR MIT)");
  t.deepEqual(texts, { Artistic: "The text\n\n  of it." });
});

test("a text may stand with the files, at the first of several, or nowhere", (t) => {
  const files = (license: string): string => `Files: x\nCopyright: y\nLicense: ${license}\n\n`;
  t.deepEqual(read(`${HEAD}\n${files("own\n text")}`).texts, { own: "text" });
  t.deepEqual(read(`${HEAD}\n${files("own\n text")}${files("own")}`).texts, { own: "text" });
  t.deepEqual(read(`${HEAD}\n${files("own")}`).texts, { own: 'No text is given for "own".' });
});

test("no name, or a text where a name should be", (t) => {
  const files = (license: string): string => `${HEAD}\nFiles: x\nCopyright: y\nLicense:${license}\n`;
  t.deepEqual(read(files("\n Do what you want.")), {
    expression: "<unnamed>",
    comment: read(files("\n z")).comment,
    texts: { unnamed: "Do what you want." },
  });
  const begun = read(files(" Permission is granted, to copy and to sell\n it."));
  t.is(begun.expression, "<unnamed>");
  t.deepEqual(begun.texts, { unnamed: "Permission is granted, to copy and to sell\nit." });
});

test("the header's word counts where no files are named", (t) => {
  t.is(read(`${HEAD}License: Expat\n`).expression, "MIT");
  t.like(read(HEAD), { expression: undefined, comment: `${PATH} names no licence` });
});

for (const [what, text] of [
  ["plain prose", "It was packaged by somebody.\n\nLicense: GPL-2\n"],
  ["another format", "Format: something\n\nFiles: *\nLicense: GPL-2\n"],
  ["a line that is no field", `${HEAD}\nFiles: *\nLicense: GPL-2\nno field here\n`],
] as const) {
  test(`${what} is not read as if it were machine-readable: the whole text is the licence`, (t) => {
    const found = read(text);
    t.is(found.expression, "<copyright>");
    t.deepEqual(found.texts, { copyright: text.trim() });
  });
}

test("the same name with the same text is one reference, with another text another one", (t) => {
  const one = (text: string): string | undefined =>
    readCopyright(`${HEAD}\nFiles: *\nLicense: custom\n ${text}\n`, PATH).license.expression;
  t.is(one("a"), one("a"));
  t.not(one("a"), one("b"));
  t.regex(one("a") ?? "", /^LicenseRef-[A-Za-z0-9.-]+$/);
});
