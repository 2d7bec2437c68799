/**
 * Who is who on the lab's `lo`. What stands for the internet has documentation addresses (RFC 5737, RFC 3849);
 * clients and inner machines have the private ones that rules are about.
 */

/** The fake cloud: every name that is set without an address of its own leads there. */
export const CLOUD = "203.0.113.50";
export const CLOUD_6 = "2001:db8::50";
/** A machine of somebody else on the internet. */
export const FOREIGN = "203.0.113.66";
/** A client of the networks that may use the proxy, and that network. */
export const CLIENT = "10.20.0.9";
export const CLIENTS = "10.20.0.0/16";
/** Where clients find the proxy; it listens on every address. */
export const PROXY = "10.20.0.1";
/** A client of a network that may not. */
export const STRANGER = "10.99.0.9";
/** Inner machines that no name may lead to: a server, the platform's metadata, Azure's wire server. */
export const INNER = "10.0.0.5";
export const METADATA = "169.254.169.254";
export const WIRE_SERVER = "168.63.129.16";
/** systemd-resolved's stub, which the appliance's Squid asks. */
export const RESOLVER = "127.0.0.53";

export const LAB_ADDRESSES = [
  `${CLOUD}/32`,
  `${CLOUD_6}/128`,
  `${FOREIGN}/32`,
  `${CLIENT}/32`,
  `${PROXY}/32`,
  `${STRANGER}/32`,
  `${INNER}/32`,
  `${METADATA}/32`,
  `${WIRE_SERVER}/32`,
] as const;
