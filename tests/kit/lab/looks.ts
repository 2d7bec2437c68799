import { readFile } from "node:fs/promises";
import type { Row, Verdict } from "../../../builder/attack/probe.ts";
import { connectOnly } from "../../boot/kit/proxyclient.ts";
import { CLIENT, PROXY } from "./addresses.ts";
import type { LabSquid } from "./squid.ts";

/* What is seen on the proxy's own machine, beside what its answers show. */

const TOPIC = "on the machine itself";
const DENIED = 20;

export async function looksAt(squid: LabSquid): Promise<Row[]> {
  return [await udpLook(), await logLook(squid)];
}

/** In a lab nobody but Squid has UDP sockets that are not on 127.0.0.53, where its DNS server is. */
async function udpLook(): Promise<Row> {
  const tables = await Promise.all(["udp", "udp6"].map((name) => readFile(`/proc/net/${name}`, "utf8")));
  const open = tables.flatMap((table) =>
    table
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => /^\s*\d+: ([0-9A-F]+):/.exec(line)?.[1] ?? "")
      .filter((address) => !isLoopback(address)),
  );
  return look({
    id: "look-udp",
    title: "UDP sockets that the network can reach",
    sent: "a look at /proc/net/udp and udp6",
    must: "none",
    came: open.length === 0 ? "none" : `${open.length} on every address`,
    why: "Forged answers of DNS can be sent to them.",
    source: "https://www.squid-cache.org/Doc/config/udp_outgoing_address/",
    verdict: open.length === 0 ? "held" : "hole",
  });
}

/** proc_net(5) has an address as hexadecimal numbers in the byte order of the machine. */
function isLoopback(address: string): boolean {
  return address.length === 8 ? address.endsWith("7F") : address === "00000000000000000000000001000000";
}

async function logLook(squid: LabSquid): Promise<Row> {
  const lines = async (): Promise<number> => (await squid.log("cache.log")).split("\n").length;
  const before = await lines();
  for (let count = 0; count < DENIED; count += 1)
    await connectOnly({ host: PROXY, port: squid.port, localAddress: CLIENT }, "www.example.com:443");
  const more = (await lines()) - before;
  return look({
    id: "look-cache-log",
    title: "what a refused request adds to cache.log",
    sent: `${DENIED} refused tunnels`,
    must: "no line",
    came: more === 0 ? "no line" : `${more} lines`,
    why: "A client fills the disk by asking for what is refused.",
    source: "https://www.squid-cache.org/Doc/config/visible_hostname/",
    verdict: more === 0 ? "held" : "hole",
  });
}

function look(row: Omit<Row, "topic"> & { verdict: Verdict }): Row {
  return { topic: TOPIC, ...row };
}
