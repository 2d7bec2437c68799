import type { Row, Verdict } from "../../builder/attack/probe.ts";
import { countsOf, countsText } from "../../builder/attack/report.ts";
import type { LabReport } from "../../tests/kit/lab/attackrun.ts";

/* docs/attack.md, from a run in the lab: `npm run attack-report`. */

const INTRO = `# Attacked

What somebody tries who wants data out, or inner machines in, and what came of it. Every line is a request (or a way of
sending one) with what must come; all of them ran against a real Squid in a network namespace of its own, once with the
configuration that Postern renders from default settings, and once with the configuration of the public script that
people use today, its rules said again in our words (\`tests/kit/lab/script.ts\`). The lab's DNS says what an attacker
would have it say, and something answers on every address and port, so that a refusal can only be the proxy's.

This page is made by \`npm run attack-report\` from such a run; \`./postern test\` runs the same again and fails where
our column does not hold, and also where a hole of the script is no longer seen: then it would be the probes that are
broken.
`;

const USE = `## Against a running appliance

\`\`\`
./postern attack 10.20.0.5 --allowed edr-weu.eu.endpoint.security.microsoft.com
\`\`\`

From a host that is one of its clients. One host and one port, both named; nothing is scanned, no more than one
connection at a time but for one probe that leaves 100 half open. Probes that need the lab's DNS, or whose bytes would
end at somebody else's server, are listed as not run. \`--sni\` says that \`proxy.sniCheck\` is on. Exit codes: 0 all
held, 5 a hole, 4 the allowed name does not get through.

Where a hole is found: \`posternctl check\` on the appliance says whether the rendered files are in force; if they are,
please report the line with what was sent and what came.

## Limits

- Without \`proxy.sniCheck\` Squid sees the name in CONNECT and nothing of what is inside: a tunnel to an allowed name
  carries TLS for another name of the same servers, or anything else. The three lines below *inside a tunnel* are open
  then, and held with it.
- With \`proxy.sniCheck\` Squid answers a refused CONNECT with 200 and speaks TLS itself, with a certificate that no
  client trusts, before it says no. Nothing is called for it.
- The lab runs Squid as the unit does (as user proxy, without a capability), but without systemd's sandbox, AppArmor and
  the firewall, which stand around it on the appliance. A network that is not a client's is stopped by the firewall
  before Squid sees it; here Squid alone refuses it.
`;

/** The whole page. */
export function attackPage({ version, postern, script, hello }: LabReport): string {
  const theirs = new Map(script.map((row) => [row.id, row]));
  const checked = new Map((hello ?? []).map((row) => [row.id, row]));
  const topics = [...new Set(postern.map(({ topic }) => topic))];
  const facts = [
    ["Squid", `${version}, of the image's own root file system`],
    ["Postern", countsText(countsOf(postern))],
    ...(hello === undefined ? [] : [["Postern with `proxy.sniCheck`", countsText(countsOf(hello))]]),
    ["public script", countsText(countsOf(script))],
  ];
  const tables = topics.map((topic) => {
    const rows = postern.filter((row) => row.topic === topic);
    return `### ${topic}\n\n${table(
      ["what is tried", "must", "Postern", "public script"],
      rows.map((row) => [
        row.title,
        row.must,
        resultText(row, checked.get(row.id)),
        resultText(theirs.get(row.id)),
      ]),
    )}`;
  });
  return [INTRO, table(["run", "what"], facts), USE, "## Every line\n", ...tables].join("\n");
}

const WORDS: Readonly<Record<Verdict, string>> = {
  held: "held",
  hole: "**open**",
  limit: "open, a known limit",
  "not run": "not run",
};

function resultText(row: Row | undefined, checked?: Row): string {
  if (row === undefined) return "";
  const { verdict, came } = row;
  const withCheck = verdict === "limit" && checked?.verdict === "held" ? " (held with `proxy.sniCheck`)" : "";
  return `${WORDS[verdict]}${withCheck}: ${came.split("; ").slice(0, 3).join("; ")}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |\n`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("");
}

/** What a cell must not hold: bars, and what Markdown reads as its own. */
function cell(text: string): string {
  return text.replace(/[|<>]/g, (one) => `&#${one.charCodeAt(0)};`);
}
