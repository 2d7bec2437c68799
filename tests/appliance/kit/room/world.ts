import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { run } from "../../../../builder/host/run.ts";
import { LINK, PORT } from "./tries.ts";

/*
 * Everything outside of the machine, in a network namespace of its own: it has every address there is, and answers
 * on every port. Says `here`, waits for its end of the cable, says `ready`, and lives until its standard input ends.
 */

process.stdout.write("here\n");
await once(process.stdin, "data");
await run("ip", ["link", "set", "lo", "up"]);
await run("ip", ["link", "set", LINK.world, "up"]);
for (const [family, address, command] of [
  ["-4", LINK.router4, "iptables"],
  ["-6", LINK.router6, "ip6tables"],
] as const) {
  const nodad = family === "-6" ? ["nodad"] : [];
  await run("ip", [family, "address", "add", address, "dev", LINK.world, ...nodad]);
  for (const protocol of ["tcp", "udp"]) {
    const toUs = ["-j", "REDIRECT", "--to-ports", String(PORT)];
    await run(command, ["-t", "nat", "-A", "PREROUTING", "-i", LINK.world, "-p", protocol, ...toUs]);
  }
}
// AnyIP: a route of type local makes every address this host's. In IPv6 it would come before the cable's network.
await run("ip", ["-4", "route", "add", "local", "default", "dev", "lo"]);
await run("ip", ["-6", "route", "add", "local", "default", "dev", "lo", "table", "100"]);
await run("ip", ["-6", "rule", "add", "priority", "40000", "table", "100"]);

const tcp = createServer((socket) => socket.on("error", () => {}).pipe(socket));
tcp.listen(PORT, "::");
await once(tcp, "listening");
for (const type of ["udp4", "udp6"] as const) {
  const udp = createSocket({ type, ipv6Only: type === "udp6" });
  udp.on("message", (message, { address, port }) => udp.send(message, port, address));
  udp.bind(PORT);
  await once(udp, "listening");
}
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit(0)).resume();
