import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { builtInCatalogue } from "../../../appliance/endpoints/catalogue.ts";
import { selectEndpoints } from "../../../appliance/endpoints/select.ts";
import { allowedTls, allowedTlsRegex, allowedWeb } from "../../../appliance/proxy/lists.ts";
import { DEFAULTS } from "../../../appliance/settings/defaults.ts";
import {
  CLOUDS,
  CONNECTIVITIES,
  type Defender,
  FORMS,
  REGIONS,
  SERVICES,
} from "../../../appliance/settings/settings.ts";
import { tempFolder } from "../kit/temp.ts";
import { TOOL_ENV, testWith } from "../kit/tools.ts";

/*
 * Every list that a choice can lead to, read by the real Squid. One squid.conf has an acl of its own for each
 * different list, so that more than a thousand choices take one run.
 */

const catalogue = builtInCatalogue();
const BROAD = [
  ...new Set(catalogue.entries.flatMap(({ host, breadth }) => (breadth === "broad" ? [host] : []))),
];
const SETS = [...SERVICES.map((service) => [service]), [...SERVICES]];

function* choices(): Generator<Defender> {
  for (const cloud of CLOUDS)
    for (const regions of cloud === "commercial" ? [[], ...REGIONS.map((region) => [region])] : [[]])
      for (const connectivity of CONNECTIVITIES)
        for (const form of FORMS)
          for (const services of SETS)
            for (const broad of [[], BROAD])
              yield {
                ...DEFAULTS.defender,
                cloud,
                regions,
                connectivity,
                form,
                services,
                broad,
                workspaces: ["contoso"],
              };
}

const squidReads = testWith(["squid"]);

squidReads("the real Squid takes every list of every cloud, region, connectivity, form and service", (t) => {
  const folder = tempFolder(t);
  const lists = new Map<string, { type: string; text: string; title: string }>();
  let count = 0;
  for (const choice of choices()) {
    const selection = selectEndpoints(choice, catalogue);
    const title = JSON.stringify(choice);
    const regex = allowedTlsRegex(selection);
    count++;
    t.deepEqual(selectEndpoints(choice, catalogue), selection, "the same again");
    for (const [type, text] of [
      ["dstdomain -n", allowedTls(selection)],
      ["dstdomain -n", allowedWeb(selection)],
      ["dstdom_regex -n -i", regex],
    ] as const) {
      // The comments say the choice: what counts are the values, of which there are far fewer.
      const values = (text ?? "").replaceAll(/^#.*\n/gm, "");
      if (text !== undefined && !lists.has(`${type} ${values}`))
        lists.set(`${type} ${values}`, { type, text, title });
    }
  }
  const lines = [...lists.values()].map(({ type, text }, index) => {
    const file = join(folder, `list-${index}.txt`);
    writeFileSync(file, text);
    return `acl list_${index} ${type} "${file}"\nhttp_access deny list_${index}`;
  });

  t.is(count, 9 * 2 * 2 * (SERVICES.length + 1) * 2);
  t.true(lists.size > 100, `${lists.size} different lists`);
  t.deepEqual(complaints(t, folder, lines), []);
});

squidReads(
  "a list that was not pruned, and a header that is too long for Squid, would have been found",
  (t) => {
    const folder = tempFolder(t);
    const file = join(folder, "list.txt");
    const line = `acl list dstdomain -n "${file}"`;
    writeFileSync(file, ".a.example\na.a.example\n");
    t.regex(complaints(t, folder, [line]).join("\n"), /a\.a\.example/);
    // Squid reads lines in pieces: the rest of a long comment is a value, here one that clashes with the list.
    writeFileSync(file, `# ${"x".repeat(2100)} a.a.example\n.a.example\n`);
    t.not(complaints(t, folder, [line]).length, 0);
  },
);

squidReads("no header of a list comes near the length of Squid's lines, whatever is chosen", (t) => {
  const long = (index: number) => `${"n".repeat(50)}${String(index).padStart(2, "0")}`;
  const many = Array.from({ length: 64 }, (_, index) => long(index));
  const extra = many.map((name) => ({ host: `${Array(4).fill(name).join(".")}.example`, ports: [443] }));
  const choice = {
    ...DEFAULTS.defender,
    services: SERVICES,
    workspaces: many,
    broad: BROAD,
    regions: REGIONS,
    extra,
  };
  const text = allowedTls(selectEndpoints(choice, catalogue));
  const folder = tempFolder(t);
  writeFileSync(join(folder, "list.txt"), text);

  t.true(Math.max(...text.split("\n").map((line) => line.length)) < 300);
  t.deepEqual(complaints(t, folder, [`acl list dstdomain -n "${join(folder, "list.txt")}"`]), []);
});

/** What Squid says against a configuration. */
function complaints(t: ExecutionContext, folder: string, lines: readonly string[]): string[] {
  const conf = join(folder, "squid.conf");
  writeFileSync(conf, `${lines.join("\n")}\nhttp_access deny all\nhttp_port 127.0.0.1:3128\n`);
  const { status, stderr } = spawnSync("squid", ["-k", "parse", "-f", conf], {
    env: TOOL_ENV,
    encoding: "utf8",
  });
  const said = stderr.split("\n").filter((line) => /WARNING|ERROR|FATAL|Bungled/i.test(line));
  if (said.length === 0) t.is(status, 0, stderr.slice(-2000));
  // The list of names that no service of this choice has is empty, and takes nobody.
  return said.filter((line) => !/empty ACL/i.test(line));
}
