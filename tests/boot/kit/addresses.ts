/**
 * Every address that a boot test uses. All are documentation addresses (RFC 5737) or Azure's own; those of the outside
 * world live on `lo` of the test's own network namespace, so nothing can leave the host.
 */

/** QEMU's user network: the guest's side. `.2` is the gateway and what a client from 127.0.0.1 looks like. */
export const GUEST_NETWORK = "198.51.100.0/24";
export const GUEST_GATEWAY = "198.51.100.2";
/** What QEMU's DHCP server hands out first. */
export const GUEST_ADDRESS = "198.51.100.15";
/** Where QEMU's own DNS forwarder answers; it asks the first nameserver of /etc/resolv.conf. */
export const GUEST_DNS = "198.51.100.3";

/** The fake cloud: TLS on 443, plain HTTP on 80. */
export const CLOUD_ADDRESS = "203.0.113.50";
/** The fake DNS server, UDP and TCP port 53. */
export const DNS_ADDRESS = "203.0.113.53";
/** A client that is in no allowed network. */
export const OUTSIDE_ADDRESS = "203.0.113.9";
/** A client that QEMU shows to the guest as its gateway, inside the allowed network. */
export const INSIDE_ADDRESS = "127.0.0.1";

/** A client of the proxy that is no administrator, where a machine lies on a tap. */
export const CLIENT_ADDRESS = "192.0.2.10";
export const CLIENT_NETWORK = "192.0.2.0/24";

/** Azure's own, where its double answers. */
export const METADATA_ADDRESS = "169.254.169.254";
export const WIRE_ADDRESS = "168.63.129.16";

export const WORLD_ADDRESSES = [
  ...[CLOUD_ADDRESS, DNS_ADDRESS, OUTSIDE_ADDRESS],
  ...[METADATA_ADDRESS, WIRE_ADDRESS],
] as const;
