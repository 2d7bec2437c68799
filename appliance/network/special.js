import { cidrText, contains, overlaps, parseCidr } from "./cidr.ts";
/** RFC 1918: what people mean by "all private networks". */
export const PRIVATE_NETWORKS = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** Widest prefixes that may be named at once: a slip of the finger must not open the proxy to the world. */
const WIDEST_4 = 8;
const WIDEST_6 = 16;
const NEVER_A_CLIENT = [
    ["0.0.0.0/8", "the unspecified network"],
    ["127.0.0.0/8", "loopback, the machine itself"],
    ["169.254.0.0/16", "link-local"],
    ["224.0.0.0/4", "multicast"],
    ["240.0.0.0/4", "reserved"],
    ["::/127", "unspecified or loopback, the machine itself"],
    ["::ffff:0.0.0.0/96", "IPv4 written as IPv6"],
    ["fe80::/10", "link-local"],
    ["ff00::/8", "multicast"],
];
const UNIQUE_LOCAL = known("fc00::/7");
/**
 * Why a network may not be let in, or undefined when it may.
 * Used for the clients of the proxy and for the networks that may use SSH.
 */
export function refusalOf(network) {
    const text = cidrText(network);
    if (network.prefix === 0)
        return `named networks only: ${text} is everybody, and would make an open proxy`;
    for (const [special, name] of NEVER_A_CLIENT) {
        if (contains(known(special), network))
            return `a network of other machines: ${text} is ${name}`;
    }
    if (network.family === 4 && network.prefix < WIDEST_4) {
        return `nothing wider than /${WIDEST_4}: ${text} takes in public networks; name each network by itself`;
    }
    if (network.family === 6 && network.prefix < WIDEST_6 && !contains(UNIQUE_LOCAL, network)) {
        return `nothing wider than /${WIDEST_6}: ${text} takes in public networks; name each network by itself`;
    }
    for (const [special, name] of NEVER_A_CLIENT) {
        if (overlaps(known(special), network))
            return `a network of other machines: ${text} takes in ${name}`;
    }
    return undefined;
}
/** A CIDR that stands in the code. */
export function known(text) {
    const parsed = parseCidr(text);
    if (!parsed.ok)
        throw new TypeError(`${text}: ${parsed.problem}`);
    return parsed.value;
}
