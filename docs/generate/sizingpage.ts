import { BUDGET, DEMAND, sizeFor, workerTunnels } from "../../appliance/proxy/sizing.ts";
import { DESCRIPTORS, MOST_WORKERS } from "../../appliance/proxy/squidconf.ts";
import type { Results } from "../../bench/load/results.ts";
import { GENERATED, tableOf } from "./markdown.ts";

const ENDPOINTS = [500, 2000, 5000, 10_000, 20_000, 30_000, 50_000];

/** docs/sizing.md: how large an appliance has to be, and what that rests on. */
export function sizingPage(results: Results): string {
  const number = (value: number): string => value.toLocaleString("en-US");
  return [
    GENERATED,
    "# How large an appliance has to be",
    "",
    `For machines that have ${DEMAND.tunnels} tunnels open at a time and set up ${DEMAND.setups} a minute, with a log of ${DEMAND.logDays} days.`,
    "Microsoft documents neither figure: these are assumptions. Count yours on a running appliance (the open tunnels",
    "are the established connections to port 3128, the set-ups the lines of the access log), and scale.",
    "",
    tableOf(
      ["machines", "tunnels", "appliances", "vCPUs each", "memory each", "disk each", "room for tunnels"],
      ENDPOINTS.map((endpoints) => {
        const { appliances, vcpus, memoryGb, diskGb, tunnels, room } = sizeFor(endpoints);
        const cells = [endpoints, tunnels, appliances, vcpus].map(number);
        return [...cells, `${memoryGb} GB`, `${diskGb} GB`, number(room)];
      }),
    ),
    "Two appliances behind one name or one PAC file also serve when one of them is down; plan each for all machines then.",
    "",
    "## The formula",
    "",
    `- **Tunnels of a worker**: (files - 100 - max(64, files / 32) - 28) / 2. With the unit's ${number(DESCRIPTORS)} files that`,
    `  is ${number(workerTunnels(DESCRIPTORS))}. A worker that is full refuses with the rule \`full\` in the log. ${BUDGET.fill * 100} % of it is planned with.`,
    `- **vCPUs**: one worker each, up to ${MOST_WORKERS}. As many as the tunnels need, and as many as the set-ups need: ${BUDGET.cpuSeconds} s of a CPU`,
    `  for 1,000 of them, and no more than ${BUDGET.cpuShare * 100} % of a CPU for that. Never less than 2.`,
    `- **Memory**: ${BUDGET.systemMb} MB + ${BUDGET.workerMb} MB for each worker + for each tunnel ${BUDGET.squidKb} kB of Squid's, ${BUDGET.kernelKb} kB of the kernel's, and`,
    `  ${BUDGET.busyKb} kB more for the ${BUDGET.busyShare * 100} % of tunnels that are taken to be busy at a time.`,
    `- **Disk**: ${BUDGET.systemGb} GB + ${BUDGET.lineBytes} bytes for each tunnel that was set up, two days as written and the others compressed`,
    `  to a ${BUDGET.compression}th.`,
    "- **Ports**: 64,511 tunnels at a time to one address and port from one address of the appliance.",
    "- **Connection tracking**: two entries a tunnel of 524,288.",
    "",
    "`sizeFor` in `appliance/proxy/sizing.ts` is this formula.",
    "",
    ...measured(results),
    "## What is assumed and not measured",
    "",
    "- What a machine asks for, how far the log compresses, the share of busy tunnels, and the memory of the system.",
    "  The 60 kB of a busy tunnel are of an earlier run on the same machine with 2,000 streams at once.",
    "- Four workers on four real cores: the bench had two.",
    "- A real network card, and the firewall with connection tracking, which every packet goes through on the appliance.",
    "- Ubuntu's build of Squid.",
    "",
  ].join("\n");
}

function measured({ held, rates }: Results): string[] {
  const run = held?.runs
    .filter(({ variant }) => variant === "postern")
    .toSorted((a, b) => b.held - a.held)[0];
  const cpu = rates?.variants.postern?.churn.map(({ squidCpu }) => squidCpu) ?? [];
  if (run === undefined) return [];
  return [
    "## What was measured",
    "",
    `With ${run.held.toLocaleString("en-US")} tunnels held ([the bench](bench.md)): ${run.kbPerTunnel.toFixed(1)} kB of Squid's memory a tunnel and ${run.slabKbPerSocket.toFixed(1)} kB of the kernel's a`,
    `socket, ${run.squidCpuPer1000.toFixed(2)} s of a CPU for 1,000 set-ups while they were opened${cpu.length === 0 ? "" : `, and ${Math.min(...cpu).toFixed(2)} to ${Math.max(...cpu).toFixed(2)} s while others came and went`}.`,
    "",
  ];
}
