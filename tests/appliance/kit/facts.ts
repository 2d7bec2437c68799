import type { Facts } from "../../../appliance/apply/facts.ts";

/** The accounts of an image that send packets of its own, with the numbers that they have there. */
export const UIDS = {
  root: 0,
  proxy: 13,
  _apt: 42,
  _chrony: 101,
  "systemd-resolve": 991,
  "systemd-network": 998,
};

/** Their lines of passwd(5). */
export const PASSWD = Object.entries(UIDS)
  .map(([name, uid]) => `${name}:x:${uid}:65534::/nonexistent:/usr/sbin/nologin\n`)
  .join("");

/** A machine with two CPUs, one network, and an archive. */
export const FACTS: Facts = {
  vcpus: 2,
  ownNetworks: ["10.0.2.0/24"],
  accounts: {
    root: "0",
    network: "998",
    resolver: "991",
    clock: "101",
    proxy: "13",
    updates: "42",
    syslog: "0",
  },
  shippedSources: [{ path: "/etc/apt/sources.list", content: "deb http://deb.example/debian trixie main\n" }],
};
