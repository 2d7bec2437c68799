import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { run } from "../../../../builder/host/run.ts";
import { LINK, PORT } from "./tries.ts";

/*
 * Everything outside of the machine, in a network namespace of its own: it has every address there is, and answers
 * on every port. Says `ready`, and lives until its standard input ends.
 */

await once(process.stdin, "data");
await run("ip", ["link", "set", "lo", "up"]);
await run("ip", ["link", "set", LINK.world, "up"]);
for (const [family, address, command] of [
  ["-4", LINK.router4, "iptables"],
  ["-6", LINK.router6, "ip6tables"],
] as const) {
  await run("ip", [family, "address", "add", address, "dev", LINK.world, ...(family === "-6" ? ["nodad"] : [])]);
  // AnyIP: a route of type local makes every address this host's.
  await run("ip", [family, "route", "add", "local", "default", "dev", "lo"]);
  for (const protocol of ["tcp", "udp"])
    await run(command, [
      ...["-t", "nat", "-A", "PREROUTING", "-i", LINK.world, "-p", protocol],
      ...["-j", "REDIRECT", "--to-ports", String(PORT)],
    ]);
}

const tcp = createServer((socket) => socket.on("error", () => {}).pipe(socket));
tcp.listen(PORT, "::");
await once(tcp, "listening");
for (const type of ["udp4", "udp6"] as const) {
  const udp = createSocket({ type, ipv6Only: true });
  udp.on("message", (message, { address, port }) => udp.send(message, port, address));
  udp.bind(PORT);
  await once(udp, "listening");
}
process.stdout.write("ready\n");
process.stdin.on("end", () => process.exit(0)).resume();
