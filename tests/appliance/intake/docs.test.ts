import { readFileSync, writeFileSync } from "node:fs";
import test from "ava";
import { parse } from "yaml";
import { OVF_SETTINGS } from "../../../appliance/intake/ovfproperties.ts";
import { settingsInUserData } from "../../../appliance/intake/userdata.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";

/*
 * docs/unattended.md is true: its table is the one in the code, and its examples work.
 * With POSTERN_WRITE_DOCS=1 this writes the table into the page.
 */

const PAGE = new URL("../../../docs/unattended.md", import.meta.url);
const PLACE = /(<!-- properties: .* -->\n)([\s\S]*?)(<!-- \/properties -->)/;

function table(): string {
  const rows = OVF_SETTINGS.map(({ key, label, description, path }) => {
    const place = path.length === 0 ? "all of it" : `\`${path.join(".")}\``;
    return `| \`${key}\` | ${label} | ${description} | ${place} |`;
  });
  return `\n${["| property | what | value | in the settings |", "|---|---|---|---|", ...rows].join("\n")}\n\n`;
}

test.serial("its table of OVF properties is the one in the code", (t) => {
  const text = readFileSync(PAGE, "utf8");
  if (process.env.POSTERN_WRITE_DOCS === "1")
    writeFileSync(
      PAGE,
      text.replace(PLACE, (_, before: string, __, after: string) => before + table() + after),
    );

  t.is(PLACE.exec(readFileSync(PAGE, "utf8"))?.[2], table());
});

test.serial("its examples are settings", (t) => {
  const blocks = [...readFileSync(PAGE, "utf8").matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    (match) => match[1] ?? "",
  );
  const written = (block: string): string => parse(block).write_files[0].content;
  const texts = blocks.map((block) => {
    if (block.startsWith("schema")) return block;
    return settingsInUserData(Buffer.from(block)).settings ?? written(block);
  });

  t.is(texts.length, 4);
  for (const text of texts) t.notThrows(() => parseSettings(text, "docs/unattended.md"), text);
});
