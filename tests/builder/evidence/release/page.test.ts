import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { LIMITS, limitsOf } from "../../../../builder/evidence/release/limits.ts";
import { releasePage } from "../../../../builder/evidence/release/page.ts";
import { pictureOf } from "../../../../builder/evidence/release/png.ts";
import { pageStyle } from "../../../../builder/evidence/style.ts";
import { FORMATS } from "../../../../builder/recipe/recipe.ts";
import { facts, SCREEN } from "./kit.ts";

/** The text that a reader sees, in order. */
function shown(page: string): string {
  return page
    .replace(/<style>[\s\S]*<\/style>/, "")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#x2F;", "/")
    .replaceAll("&#39;", "'")
    .replace(/\s+/g, " ");
}

test("the page tells every part of a build", async (t) => {
  const text = shown(await releasePage(facts()));
  for (const words of [
    "Postern 1.0.0 on Debian 13 (trixie)",
    `postern-1.0.0-debian-13-amd64.ova ${"1".repeat(64)} VirtualBox, VMware Workstation and Fusion, older ESXi docs/import-vmware.md 1000 B`,
    "odd 8888",
    "TCP 3128 each client network proxy",
    "3 of 3 passed, 1 exceptions with their reasons",
    "it boots passed 1 min 01 s",
    "it fails failed 2.0 s",
    "lynis skipped : no root",
    "1 passed, 1 failed, 1 skipped",
    "nano 1 2 security",
    "Since postern-0.9.0-debian-13-amd64, which carries the date 2026-01-01.",
    "squid 6.13 6.14",
    "Inside a tunnel nothing is seen",
    "ssh-keygen -Y verify -n postern -f allowed_signers -I WHO -s SHA256SUMS.sig",
    "./postern reproduce postern-1.0.0-debian-13-amd64.build.json",
    "This image brings settings of its own (answers.yaml)",
    "overlays of its own (own)",
  ])
    t.true(text.includes(words), words);
});

test("what is not known is said to be not known, and nothing is claimed", async (t) => {
  const { record, baseTitle, invocation, files } = facts();
  const { pending: _, ...older } = record;
  const text = shown(await releasePage({ record: older, baseTitle, invocation, files }));
  for (const words of [
    "no report in this build",
    "not run, or their results do not lie here",
    "the archive was not asked",
    "that is no statement that there were none",
    "not compared",
    "the source was no git checkout",
  ])
    t.true(text.includes(words), words);
  t.false(text.includes("none when it was built"));
  const asked = shown(
    await releasePage({ record: { ...record, pending: [] }, baseTitle, invocation, files }),
  );
  t.true(asked.includes("none when it was built"));
  const stale = shown(await releasePage({ record, baseTitle, invocation, files, boot: "stale" }));
  t.true(stale.includes("of other images than these. They are not shown."));
});

test("the page needs nothing but itself, and runs nothing", async (t) => {
  const page = await releasePage(facts());
  t.notRegex(page, /<script|<link|<iframe|@import|url\(|https?:|\son\w+=/i);
  const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address = ""]) => address);
  t.true(addresses.length > 8);
  t.deepEqual(
    addresses.filter((one) => !/^(#[a-z]+|data:image&#x2F;png;base64,|[\w.-]+)/.test(one)),
    [],
    "a part of the page, a picture in it, or a file beside it",
  );
});

test("whatever a build's files say, no markup of it reaches the page, and the same facts give the same bytes", async (t) => {
  const clean = await releasePage(facts());
  const tags = (page: string): string[] => page.match(/<\/?[a-z0-9]+/g) ?? [];
  await fc.assert(
    fc.asyncProperty(fc.string(), async (noise) => {
      const bad = facts(`${noise}<script>x</script>"'&{{{style}}}`);
      const page = await releasePage(bad);
      t.deepEqual(tags(page), tags(clean));
      t.is(await releasePage(bad), page);
    }),
    { numRuns: 20 },
  );
});

test("it can be read by ear: one title, headings without a gap, tables with captions and heads, pictures with words", async (t) => {
  const page = await releasePage(facts());
  const body = page.slice(page.indexOf("<html"));
  const parser = new SaxesParser();
  const open: string[] = [];
  const seen = { headings: [] as number[], tables: 0, captions: 0, ids: new Set<string>() };
  parser.on("error", (error) => t.fail(error.message));
  parser.on("opentag", ({ name, attributes }) => {
    open.push(name);
    if (/^h\d$/.test(name)) seen.headings.push(Number(name[1]));
    if (name === "table") seen.tables += 1;
    if (name === "caption") seen.captions += 1;
    if (name === "th") t.truthy(attributes.scope, "the scope of a head");
    if (name === "img") t.truthy(attributes.alt, "the words of a picture");
    if (attributes.id !== undefined) seen.ids.add(String(attributes.id));
  });
  // Void elements, and an attribute without a value, are HTML and no XML.
  parser.write(body.replace(/<(meta|img|br)([^>]*)>/g, "<$1$2/>")).close();
  t.is(seen.headings.filter((level) => level === 1).length, 1);
  for (const [index, level] of seen.headings.entries())
    t.true(level <= (seen.headings[index - 1] ?? 0) + 1, `heading ${index}`);
  t.is(seen.captions, seen.tables);
  t.true(seen.tables >= 7);
  for (const [, target = ""] of page.matchAll(/href="#([a-z]+)"/g)) t.true(seen.ids.has(target), target);
  t.true(page.includes('<html lang="en">'));
});

test("text has a contrast of 4.5 to 1 and more, by light and by dark", async (t) => {
  const css = await pageStyle();
  const themes = [...css.matchAll(/:root\s*\{([^}]*)\}/g)].map(([, body = ""]) =>
    Object.fromEntries(
      [...body.matchAll(/--(\w+):\s*(#[0-9a-f]{3,6})/g)].map(([, name, value]) => [name, value]),
    ),
  );
  t.is(themes.length, 3, "light, dark, print");
  for (const theme of themes)
    for (const ink of ["ink", "soft", "good", "bad"])
      for (const paper of ["paper", "well"])
        t.true(contrast(theme[ink], theme[paper]) >= 4.5, `${ink} ${theme[ink]} on ${paper} ${theme[paper]}`);
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one = "", other = ""): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const digits = color.length === 4 ? color.slice(1).replace(/./g, "$&$&") : color.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4]
    .map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test("limits are those of the base and of the formats that were built", (t) => {
  const titles = limitsOf({ base: "debian-13", formats: ["iso"] }).map(({ title }) => title);
  t.true(titles.includes("No physical server"));
  t.false(
    titles.some((title) => /Hyper-V|Azure|vCenter|This base/.test(title)),
    titles.join(),
  );
  t.is(limitsOf({ base: "ubuntu-24.04", formats: FORMATS }).length, LIMITS.length);
  t.is(new Set(LIMITS.map(({ title }) => title)).size, LIMITS.length);
});

test("a picture is a PNG with its size, and anything else is none", (t) => {
  const picture = pictureOf(SCREEN);
  t.deepEqual([picture?.width, picture?.height], [640, 400]);
  const bytes = Buffer.from(picture?.address.split(",")[1] ?? "", "base64");
  t.is(sha256(bytes), sha256(SCREEN));
  for (const bad of [Buffer.alloc(0), Buffer.from("<svg/>"), SCREEN.subarray(0, 20), Buffer.alloc(2 ** 21)])
    t.is(pictureOf(bad), undefined);
});

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
