import type { Facts } from "../../../appliance/apply/facts.ts";

/** A machine with two CPUs, one network, and an archive. */
export const FACTS: Facts = {
  vcpus: 2,
  ownNetworks: ["10.0.2.0/24"],
  accounts: {
    ...{ root: "0", network: "998", resolver: "991", clock: "101" },
    ...{ proxy: "13", updates: "42", syslog: "0" },
  },
  shippedSources: [{ path: "/etc/apt/sources.list", content: "deb http://deb.example/debian trixie main\n" }],
};
