import { ADMIN, type Paths } from "../paths.ts";
import { readIfThere } from "./files.ts";

/** The number of a group (group(5)); 0 where there is no such group. */
export async function groupId({ group }: Paths, name: string): Promise<number> {
  const text = (await readIfThere(group)) ?? "";
  const line = text.split("\n").find((entry) => entry.startsWith(`${name}:`));
  return Number(line?.split(":")[2] ?? 0);
}

/** Who sends packets of a machine's own, by what it does. */
export type Actor = "root" | "network" | "resolver" | "clock" | "proxy" | "updates" | "syslog";

/** The account of each; its name or its number. */
export type Accounts = Readonly<Partial<Record<Actor, string>>>;

/** rsyslog keeps root where nothing else is said, as on Debian. */
export const ACCOUNTS = {
  root: "root",
  network: "systemd-network",
  resolver: "systemd-resolve",
  clock: "_chrony",
  proxy: "proxy",
  updates: "_apt",
  syslog: "root",
} as const satisfies Accounts;

/** Numbers of the accounts that this machine has (passwd(5)); one that is missing does nothing here. */
export async function readAccounts({ passwd, rsyslogConf }: Paths): Promise<Accounts> {
  const [accounts = "", rsyslog = ""] = await Promise.all([readIfThere(passwd), readIfThere(rsyslogConf)]);
  const numbers = new Map(
    [...accounts.matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm)].map(([, name = "", uid = ""]) => [name, uid]),
  );
  // https://www.rsyslog.com/doc/configuration/global/index.html
  const syslog = /^\$PrivDropToUser\s+(\S+)/m.exec(rsyslog)?.[1] ?? ACCOUNTS.syslog;
  const named = Object.entries({ ...ACCOUNTS, syslog }).flatMap(([actor, name]) => {
    const uid = numbers.get(name);
    return uid === undefined ? [] : [[actor, uid]];
  });
  return Object.fromEntries(named);
}

/** The administrator's password field (shadow(5)), or undefined where there is no such account. */
export async function adminHash({ shadow }: Paths): Promise<string | undefined> {
  const text = (await readIfThere(shadow)) ?? "";
  return text
    .split("\n")
    .find((entry) => entry.startsWith(`${ADMIN}:`))
    ?.split(":")[1];
}
