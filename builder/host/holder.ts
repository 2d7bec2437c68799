import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import Joi from "joi";

/** Who holds a lock, a scratch folder or a running build. */
export interface Holder {
  pid: number;
  /** Start of the process in clock ticks since boot: a pid alone may have been given to another by now. */
  start: string;
  host: string;
  /** Boot of the machine: after a reboot every holder of before is gone. */
  boot: string;
  command: string;
  /** Differs for every holding. */
  token: string;
}

const schema = Joi.object<Holder>({
  pid: Joi.number().integer().min(1).required(),
  start: Joi.string().allow("").required(),
  host: Joi.string().required(),
  boot: Joi.string().allow("").required(),
  command: Joi.string().allow("").required(),
  token: Joi.string()
    .pattern(/^[0-9a-z.-]+$/)
    .required(),
});

let holdings = 0;

/** This process, for one more holding. */
export function holderOfThisProcess(): Holder {
  // /proc may be that of an outer pid namespace, where process.pid is another process, or none.
  const stat = readFileSync("/proc/self/stat", "latin1");
  const pid = Number.parseInt(stat, 10);
  const start = startIn(stat);
  holdings += 1;
  return {
    pid,
    start,
    host: hostname(),
    boot: bootId(),
    command: ["postern", ...process.argv.slice(2)].join(" ").slice(0, 200),
    token: `${pid}-${start}-${holdings}`,
  };
}

export function parseHolder(text: string): Holder | undefined {
  try {
    const result = schema.validate(JSON.parse(text), { convert: false, stripUnknown: true });
    return result.error === undefined ? result.value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a holder is still there: `elsewhere` when it is on another machine (a shared cache) or in another
 * container, whose processes cannot be seen from here.
 */
export async function lifeOf(holder: Holder): Promise<"alive" | "dead" | "elsewhere"> {
  if (holder.host !== hostname()) return "elsewhere";
  if (holder.boot !== bootId()) return "dead";
  try {
    const stat = await readFile(`/proc/${holder.pid}/stat`, "latin1");
    return startIn(stat) === holder.start && !isZombie(stat) ? "alive" : "dead";
  } catch {
    return "dead";
  }
}

/** Whether the process of this machine that a token names is gone. */
export async function isGone(token: string): Promise<boolean> {
  const [pid = "", start = ""] = token.split("-");
  if (!/^[1-9]\d*$/.test(pid)) return true;
  return (await lifeOf({ ...holderOfThisProcess(), pid: Number(pid), start })) === "dead";
}

/** Field 22 of /proc/pid/stat (proc(5)). The second field, the name, may hold blanks and parentheses. */
function startIn(stat: string): string {
  return fieldsAfterName(stat)[19] ?? "";
}

function isZombie(stat: string): boolean {
  return ["Z", "X"].includes(fieldsAfterName(stat)[0] ?? "");
}

function fieldsAfterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}
