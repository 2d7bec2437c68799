import { parseAddress } from "../../../appliance/network/address.ts";
import { containsAddress, parseCidr } from "../../../appliance/network/cidr.ts";

/*
 * What Squid's access rules come to, worked out from the text of squid.conf and nothing else, so that it can be
 * compared with what was meant. Only the kinds of acl that are in use are known.
 */

export interface Asked {
  client: string;
  method: string;
  scheme: string;
  host: string;
  port: number;
  /** What the name leads to; none where DNS does not know it. */
  addresses: readonly string[];
}

type Acls = ReadonlyMap<string, { type: string; values: readonly string[] }>;

/** The decision, and the rule that a denial is noted with. */
export function decide(
  conf: string,
  lists: ReadonlyMap<string, string>,
  asked: Asked,
): { isAllowed: boolean; rule?: string } {
  const acls = aclsOf(conf, lists);
  for (const [, verdict, conditions = ""] of conf.matchAll(/^http_access (allow|deny) (.+)$/gm)) {
    const names = conditions.split(" ");
    const holds = names.every((name) =>
      name.startsWith("!") ? !matches(acls, name.slice(1), asked) : matches(acls, name, asked),
    );
    if (!holds) continue;
    const rule = names.find((name) => name.startsWith("note_"))?.slice("note_".length);
    return { isAllowed: verdict === "allow", ...(rule === undefined ? {} : { rule }) };
  }
  return { isAllowed: false };
}

function aclsOf(conf: string, lists: ReadonlyMap<string, string>): Acls {
  const acls = new Map<string, { type: string; values: string[] }>();
  for (const [, name = "", type = "", rest = ""] of conf.matchAll(/^acl (\S+) (\S+) (.+)$/gm)) {
    const words = rest.split(" ").filter((word) => word !== "-n" && word !== "-i");
    const values = words.flatMap((word) =>
      word.startsWith('"') ? listed(lists, word.slice(1, -1)) : [word],
    );
    const acl = acls.get(name) ?? { type, values: [] };
    acl.values.push(...values);
    acls.set(name, acl);
  }
  return acls;
}

function listed(lists: ReadonlyMap<string, string>, path: string): string[] {
  const text = lists.get(path);
  if (text === undefined) throw new Error(`no list ${path}`);
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

function matches(acls: Acls, name: string, asked: Asked): boolean {
  const acl = acls.get(name) ?? BUILT_IN.get(name);
  if (acl === undefined) throw new Error(`no acl ${name}`);
  const { type, values } = acl;
  switch (type) {
    case "all":
    case "annotate_transaction":
    // Whether there is room for one more, and here there always is.
    case "external":
      return true;
    case "manager":
      return false;
    case "src":
      return isIn(values, asked.client);
    case "dst":
      return asked.addresses.some((address) => isIn(values, address));
    case "dstdomain":
      return values.some((value) =>
        value.startsWith(".") ? `.${asked.host}`.endsWith(value) : asked.host === value,
      );
    case "dstdom_regex":
      return values.some((value) => new RegExp(value, "i").test(asked.host));
    case "port":
      return values.includes(String(asked.port));
    case "method":
      return values.includes(asked.method);
    case "proto":
      return values.includes(asked.scheme);
    default:
      throw new Error(`unknown kind of acl: ${type}`);
  }
}

const BUILT_IN: Acls = new Map([
  ["all", { type: "all", values: [] }],
  ["manager", { type: "manager", values: [] }],
  ["CONNECT", { type: "method", values: ["CONNECT"] }],
  ["localhost", { type: "src", values: ["127.0.0.1/32", "::1/128"] }],
  ["to_localhost", { type: "dst", values: ["127.0.0.0/8", "0.0.0.0/32", "::1/128", "::/128"] }],
]);

function isIn(networks: readonly string[], text: string): boolean {
  const address = parseAddress(text);
  if (!address.ok) throw new Error(`${text}: ${address.problem}`);
  return networks.some((network) => {
    const parsed = parseCidr(network);
    if (!parsed.ok) throw new Error(`${network}: ${parsed.problem}`);
    return containsAddress(parsed.value, address.value);
  });
}
