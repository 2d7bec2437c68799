import { DESCRIPTORS, MOST_WORKERS } from "./squidconf.ts";

/**
 * How large an appliance has to be for a number of machines that use it. What a tunnel costs was measured
 * (docs/bench.md), rounded up; what a machine asks for is assumed, and better counted on one's own network.
 */

/** What is taken for each of them; docs/sizing.md says which were measured. */
export const BUDGET = {
  /** Kilobytes of Squid's memory for an open tunnel. */
  squidKb: 33,
  /** Kilobytes of the kernel's for its two sockets, and for the firewall's two entries. */
  kernelKb: 9,
  /** Kilobytes more while a tunnel carries as much as it can, and the share of tunnels that do. */
  busyKb: 60,
  busyShare: 0.1,
  /** Seconds of a CPU for 1,000 tunnels that are set up and closed, and the share of a CPU that may go there. */
  cpuSeconds: 0.35,
  cpuShare: 0.5,
  /** Share of the tunnels a worker can hold that is planned with. */
  fill: 0.8,
  /** Megabytes for the system, and for each worker before its first tunnel. */
  systemMb: 768,
  workerMb: 32,
  /** Bytes of a line in the access log, and how many times smaller it is once compressed. */
  lineBytes: 250,
  compression: 5,
  /** Gigabytes for the system and its other logs. */
  systemGb: 8,
} as const;

/** What a machine is assumed to ask for. */
export interface Demand {
  /** Tunnels that it has open at a time. */
  tunnels: number;
  /** Tunnels that it sets up in a minute. */
  setups: number;
  /** Days that the log is kept. */
  logDays: number;
}

export const DEMAND: Demand = { tunnels: 4, setups: 2, logDays: 30 };

export interface Size {
  /** Appliances, each of the size below; more than one where one would need more workers than were measured. */
  appliances: number;
  vcpus: number;
  memoryGb: number;
  diskGb: number;
  /** Tunnels that are planned for, and that fit, on all of them together. */
  tunnels: number;
  room: number;
}

const LEAST_VCPUS = 2;
const LEAST_MEMORY_GB = 2;
const LEAST_DISK_GB = 16;

/** Descriptors of a worker before its first tunnel: logs, listening sockets, the other workers. */
const OWN_DESCRIPTORS = 28;
const RESERVED = 100;

/**
 * Tunnels that a worker takes before it refuses: two descriptors each, without what Squid keeps back, what the
 * program proxy-room keeps back, and its own.
 */
export function workerTunnels(descriptors: number): number {
  const spare = Math.max(64, descriptors / 32);
  return Math.max(0, Math.floor((descriptors - RESERVED - spare - OWN_DESCRIPTORS) / 2));
}

/** The size for so many machines. */
export function sizeFor(endpoints: number, demand: Demand = DEMAND): Size {
  const tunnels = Math.ceil(endpoints * demand.tunnels);
  const perWorker = workerTunnels(DESCRIPTORS);
  const setupsPerSecond = (endpoints * demand.setups) / 60;
  const cpus = Math.max(
    Math.ceil(tunnels / (perWorker * BUDGET.fill)),
    Math.ceil(((setupsPerSecond / 1000) * BUDGET.cpuSeconds) / BUDGET.cpuShare),
    LEAST_VCPUS,
  );
  const appliances = Math.ceil(cpus / MOST_WORKERS);
  const vcpus = Math.max(LEAST_VCPUS, Math.ceil(cpus / appliances));
  return {
    ...{ appliances, vcpus, tunnels, room: appliances * vcpus * perWorker },
    memoryGb: Math.max(LEAST_MEMORY_GB, memoryGb(tunnels / appliances, vcpus)),
    diskGb: Math.max(LEAST_DISK_GB, diskGb((endpoints * demand.setups) / appliances, demand.logDays)),
  };
}

function memoryGb(tunnels: number, workers: number): number {
  const tunnelKb = BUDGET.squidKb + BUDGET.kernelKb + BUDGET.busyKb * BUDGET.busyShare;
  return Math.ceil((BUDGET.systemMb + workers * BUDGET.workerMb + (tunnels * tunnelKb) / 1024) / 1024);
}

/** Two days lie as they were written, the rest is compressed. */
function diskGb(setupsPerMinute: number, days: number): number {
  const dayGb = (setupsPerMinute * 60 * 24 * BUDGET.lineBytes) / 1e9;
  const plain = Math.min(days, 2);
  return Math.ceil(BUDGET.systemGb + dayGb * (plain + (days - plain) / BUDGET.compression));
}
