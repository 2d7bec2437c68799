import { type Answer, type Question, TYPES } from "../../boot/kit/dns.ts";
import { startDns } from "../../boot/kit/dnsserver.ts";
import { reverseName } from "../../boot/kit/zone.ts";
import { RESOLVER } from "./addresses.ts";

/** The lab's DNS server on the local resolver's address; names that nobody set do not exist. */
export interface LabDns {
  /**
   * What a name leads to from now on, of either family. `*.example.com` stands for all names below example.com,
   * `*` for every name that has nothing of its own.
   */
  set(name: string, addresses: readonly string[]): void;
  /** Other addresses with every question, in turn, the last for ever; nobody may remember them. */
  turns(name: string, answers: readonly (readonly string[])[]): void;
  /** What the reverse record of an address says. */
  ptr(address: string, name: string): void;
  /** Every name that was asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function startLabDns(address = RESOLVER, port = 53): Promise<LabDns> {
  const names = new Map<string, readonly string[]>();
  const turning = new Map<string, (readonly string[])[]>();
  const reverse = new Map<string, string>();
  const zone = ({ name, type }: Pick<Question, "name" | "type">): Answer => {
    const ptr = reverse.get(name);
    if (ptr !== undefined) return type === TYPES.PTR ? { ptr } : "empty";
    const turns = turning.get(name);
    if (turns !== undefined) return answerOf(type === TYPES.A ? next(turns) : [], type, 0);
    return answerOf(
      wildcards(name)
        .map((one) => names.get(one))
        .find((known) => known !== undefined),
      type,
    );
  };
  const { asked, close } = await startDns(address, zone, port);
  return {
    set: (name, addresses) => void names.set(name.toLowerCase(), addresses),
    turns: (name, answers) => void turning.set(name.toLowerCase(), [...answers]),
    ptr: (ip, name) => void reverse.set(reverseName(ip), name),
    asked,
    close,
  };
}

/** A name and all that may stand for it, the nearest first. */
function wildcards(name: string): string[] {
  const labels = name.split(".");
  return [name, ...labels.map((_, index) => ["*", ...labels.slice(index + 1)].join("."))];
}

function next(turns: (readonly string[])[]): readonly string[] {
  return (turns.length > 1 ? turns.shift() : turns[0]) ?? [];
}

function answerOf(addresses: readonly string[] | undefined, type: number, ttl?: number): Answer {
  if (addresses === undefined) return "nxdomain";
  const fitting = addresses.filter((one) => type === (one.includes(":") ? TYPES.AAAA : TYPES.A));
  if (fitting.length === 0) return "empty";
  return { addresses: fitting, ...(ttl === undefined ? {} : { ttl }) };
}
