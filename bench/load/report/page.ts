import { tableOf } from "../../../docs/generate/markdown.ts";
import type { Machine, Results, Taken } from "../results.ts";
import { TITLES, VARIANTS } from "../variants.ts";
import { aimsOf, failedText } from "./aims.ts";
import { FIGURES, ratio, spread } from "./summary.ts";
import { numberText, spreadText } from "./texts.ts";

/** docs/bench.md: what was measured, on what, and what it says of each aim. */
export function benchPage(results: Results): string {
  return [
    "<!-- Made by npm run bench. Do not edit. -->",
    "",
    ...INTRODUCTION,
    ...machine(results.machine),
    ...aims(results),
    ...rates(results),
    ...held(results),
    ...limit(results),
    ...steady(results),
    ...soak(results),
    ...NOT_MEASURED,
    "",
  ].join("\n");
}

const INTRODUCTION = [
  "# The proxy under load",
  "",
  "Postern's Squid configuration beside the one that a public script for the same purpose sets up, both with the same",
  "Squid, on the same kernel settings, in one run. `npm run bench` makes this page (about ten minutes),",
  "`npm run bench -- soak --minutes 20` the part about the long run, and `bench.json` has every single figure.",
  "",
  "Clients, proxy and servers share the machine, so every rate is a lower bound and says little about other machines.",
  "What carries over are the ratios, of runs that take turns, and the CPU time and memory for 1,000 tunnels.",
  "",
];

const NOT_MEASURED = [
  "## What this does not say",
  "",
  "- Nothing went over a real network card or a real distance, and nothing through the appliance's firewall and its",
  "  connection tracking.",
  "- Ubuntu's build of Squid, and any other than the one named above.",
  "- More tunnels than are named above, and more than four workers on as many cores.",
  "- What is inside a tunnel is opaque to Squid: TLS costs the ends, not the proxy.",
];

function machine({ cores, processor, memoryMb, kernel, nofile, squid, node }: Machine): string[] {
  return [
    `Measured with Squid ${squid} on ${cores} cores (${processor}), ${numberText(memoryMb)} MB of memory, Linux ${kernel},`,
    `at most ${numberText(nofile)} open files for a process; the generator ran on Node.js ${node}.`,
    "",
  ];
}

function aims(results: Results): string[] {
  return [
    "## The aims",
    "",
    tableOf(
      ["aim", "result", "seen"],
      aimsOf(results).map(({ aim, verdict, seen }) => [aim, verdict, seen]),
    ),
  ];
}

function taken({ taken: when, loadBefore }: Taken): string {
  return `Taken ${when.replace("T", " ").replace("Z", " UTC")}; load average of the machine before it: ${loadBefore.toFixed(1)}.`;
}

function rates({ rates: part }: Results): string[] {
  if (part === undefined) return [];
  const variants = VARIANTS.filter((id) => part.variants[id] !== undefined);
  const runs = part.variants.postern?.churn.length ?? 0;
  return [
    "## Rates",
    "",
    "![Bars of the figures below](bench.svg)",
    "",
    `${part.concurrency} clients at a time, ${runs} runs of ${part.seconds} s each, in turns; medians, with the smallest and the largest`,
    "run. The last column is the median of the ratios of runs beside each other. A tunnel is a CONNECT, a TLS",
    "ClientHello that comes back, and the end; a refusal is a CONNECT to a name that is not on the list.",
    taken(part),
    "",
    tableOf(
      ["", ...variants.map((id) => TITLES[id]), "Postern to script"],
      FIGURES.map(({ id, title, unit, digits }) => [
        `${title}, ${unit}`,
        ...variants.map((variant) => spreadText(spread(part, variant, id), digits)),
        ratio(part, id)?.median.toFixed(2) ?? "",
      ]),
    ),
    "The script names no `visible_hostname`. Where the machine's own name is in `/etc/hosts`, as an installer leaves it,",
    "that costs nothing; where it is not, Squid looks it up for every refusal and writes two warnings each time.",
    "",
  ];
}

function held({ held: part }: Results): string[] {
  if (part === undefined) return [];
  return [
    "## Tunnels held",
    "",
    "Each is opened, used once and left open; at the end every one is asked for an echo. Memory is the proportional share",
    "(Pss) of all of Squid's processes; the kernel's is in unreclaimable slabs, for each of the sockets.",
    taken(part),
    "",
    tableOf(
      [
        "",
        "asked",
        "held",
        "alive",
        "set-up p50 / p99, ms",
        "opened/s",
        "kB a tunnel",
        "CPU s for 1,000",
        "kernel, kB a socket",
      ],
      part.runs.map((run) => [
        `${TITLES[run.variant === "postern" ? "postern" : "script"]}, ${run.workers} ${run.workers === 1 ? "worker" : "workers"}`,
        ...[run.asked, run.held, run.alive].map(numberText),
        `${run.p50.toFixed(0)} / ${run.p99.toFixed(0)}`,
        numberText(run.openPerSecond),
        run.kbPerTunnel.toFixed(1),
        run.squidCpuPer1000.toFixed(2),
        run.slabKbPerSocket.toFixed(1),
      ]),
    ),
  ];
}

function limit({ limit: part }: Results): string[] {
  if (part === undefined) return [];
  return [
    "## Where there is no room",
    "",
    "A service that says nothing of it may open 1,024 files. Squid keeps 100 of them and needs two for a tunnel:",
    "(1,024 - 100) / 2 = 462; beyond that it accepts nobody, and clients hang. Ours refuses before, with the rule `full`",
    "in the log, and keeps for that 64 or a 32nd of all, and 28 of its own: (1,024 - 100 - 64 - 28) / 2 = 416 for each",
    `worker. Clients waited up to ${(part.runs[0]?.patienceMs ?? 0) / 1000} s.`,
    taken(part),
    "",
    tableOf(
      [
        "",
        "workers",
        "formula",
        "asked",
        "held",
        "the others",
        "p50 / p99 until then, ms",
        "lines in the log",
      ],
      part.runs.map((run) => [
        TITLES[run.variant === "postern" ? "postern" : "script"],
        ...[run.workers, run.formula, run.asked, run.held].map(numberText),
        failedText(run),
        `${run.gaveUpP50 ?? "-"} / ${run.gaveUpP99 ?? "-"}`,
        numberText(run.logLines),
      ]),
    ),
  ];
}

function steady({ steady: part }: Results): string[] {
  if (part === undefined) return [];
  return [
    "## Reload and rotation under load",
    "",
    `${numberText(part.held)} tunnels held, others coming and going all the while, ${part.reconfigures} reloads and ${part.rotations} rotations of the log:`,
    `${numberText(part.alive)} of them alive at the end, and ${numberText(part.logLines)} lines in the logs for ${numberText(part.closed)} tunnels. Of the others`,
    `${numberText(part.churned)} were served; failed: ${failedText({ failed: part.churnFailed })}. ${taken(part)}`,
    "",
  ];
}

function soak({ soak: part }: Results): string[] {
  if (part === undefined) return [];
  const [first, last] = [part.samples[0], part.samples.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [
    "## The long run",
    "",
    `${part.minutes} minutes with ${numberText(part.held)} tunnels held and ${numberText(last.tunnels)} others that came and went (${numberText(last.failed)} failed).`,
    `Squid's memory after ${first.second} s: ${numberText(first.pssKb)} kB, at the end: ${numberText(last.pssKb)} kB; open files ${numberText(first.descriptors)} and`,
    `${numberText(last.descriptors)}. ${numberText(part.alive)} of the held tunnels were alive at the end; ${numberText(part.logLines)} lines in the log. ${taken(part)}`,
    "",
  ];
}
