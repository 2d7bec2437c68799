import { addressText, BITS, parseAddress, wrong } from "./address.ts";
/**
 * Parses `10.20.0.0/16`, `fd00:1::/64`, or `10.20.0.0 255.255.0.0`.
 * Bits after the prefix are a problem that names the network that was meant.
 */
export function parseCidr(text) {
    const parsed = parseCardAddress(text);
    if (!parsed.ok)
        return parsed;
    const network = networkOf(parsed.value);
    if (network.value === parsed.value.address.value)
        return { ok: true, value: network };
    const host = `${addressText(parsed.value.address)}/${BITS[network.family]}`;
    return wrong(`a network: ${cidrText(network)} is the network meant, ${host} would be this one machine`);
}
/** Parses an address with its prefix or netmask: `10.20.0.5/24` or `10.20.0.5 255.255.255.0`. */
export function parseCardAddress(text) {
    const match = /^(?<address>[^/\s]+)(?:\s*\/\s*(?<size>\S+)|\s+(?<mask>\S+))?$/.exec(text.trim());
    const { address: addressPart = "", size, mask } = match?.groups ?? {};
    const address = parseAddress(addressPart);
    if (!address.ok)
        return wrong(match === null ? "an address with its prefix, such as 10.20.0.5/24" : address.problem);
    const bits = BITS[address.value.family];
    const tail = size ?? mask;
    if (tail === undefined) {
        return wrong(`a prefix after the address: ${addressPart}/${bits === 32 ? 24 : 64}, or /${bits} for one machine`);
    }
    const prefix = address.value.family === 4 && tail.includes(".") ? prefixOfMask(tail) : prefixOf(tail, bits);
    if (typeof prefix === "string")
        return wrong(prefix);
    return { ok: true, value: { address: address.value, prefix } };
}
/** The network that an address lies in. */
export function networkOf({ address: { family, value }, prefix }) {
    const shift = BigInt(BITS[family] - prefix);
    return { family, value: (value >> shift) << shift, prefix };
}
/** The last address of a network; the broadcast address in IPv4. */
export function lastOf({ family, value, prefix }) {
    return { family, value: value | ((1n << BigInt(BITS[family] - prefix)) - 1n) };
}
export function cidrText({ family, value, prefix }) {
    return `${addressText({ family, value })}/${prefix}`;
}
export function cardAddressText({ address, prefix }) {
    return `${addressText(address)}/${prefix}`;
}
/** How many addresses a network has. */
export function addressCount({ family, prefix }) {
    return 1n << BigInt(BITS[family] - prefix);
}
/** Whether `inner` lies wholly in `outer`; a network contains itself. */
export function contains(outer, inner) {
    if (outer.family !== inner.family || outer.prefix > inner.prefix)
        return false;
    const shift = BigInt(BITS[outer.family] - outer.prefix);
    return outer.value >> shift === inner.value >> shift;
}
export function containsAddress(outer, address) {
    return contains(outer, { ...address, prefix: BITS[address.family] });
}
/** Whether two networks share an address. Two networks never overlap in part: one contains the other. */
export function overlaps(one, other) {
    return contains(one, other) || contains(other, one);
}
function prefixOf(text, bits) {
    if (!/^(0|[1-9]\d{0,2})$/.test(text) || Number(text) > bits)
        return `a prefix from /0 to /${bits}`;
    return Number(text);
}
function prefixOfMask(text) {
    const mask = parseAddress(text);
    if (!mask.ok || mask.value.family !== 4)
        return "a netmask such as 255.255.255.0";
    const inverted = mask.value.value ^ 0xffffffffn;
    // Only ones and then only zeros: the inverse plus one is a power of two.
    if ((inverted & (inverted + 1n)) !== 0n)
        return "a netmask such as 255.255.255.0";
    return 32 - inverted.toString(2).replace(/^0$/, "").length;
}
