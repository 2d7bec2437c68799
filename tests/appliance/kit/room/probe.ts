import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { text } from "node:stream/consumers";
import type { Outcome, Try } from "./tries.ts";

/* Runs as the account whose packets are looked at: reads tries from standard input, writes their outcomes. */

/** Milliseconds after which nothing comes any more; a refusal comes at once. */
const PATIENCE = 10_000;
const WORD = "a word";
/** What the kernel says of a packet that its own firewall refused; ICMPv6 has an error of its own for it. */
const REFUSALS = ["EHOSTUNREACH", "EPERM", "EACCES"];

function outcomeOf(error: unknown): Outcome {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return REFUSALS.includes(code) ? "refused" : "lost";
}

function tryTcp({ to, port = 0, fromPort }: Try): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host: to, port, ...(fromPort === undefined ? {} : { localPort: fromPort }) });
    const end = (outcome: Outcome): void => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(PATIENCE, () => end("lost"));
    socket.on("connect", () => socket.write(WORD));
    socket.on("data", (data) => end(String(data) === WORD ? "answered" : "lost"));
    socket.on("error", (error) => end(outcomeOf(error)));
  });
}

function tryUdp({ to, port, fromPort, hops }: Try): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(to) ? "udp6" : "udp4");
    const timer = setTimeout(() => end("lost"), PATIENCE);
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      socket.close();
      resolve(outcome);
    };
    socket.on("message", (data) => end(String(data) === WORD ? "answered" : "lost"));
    let isBound = false;
    socket.on("error", (error) => end(isBound ? outcomeOf(error) : "lost"));
    socket.bind(fromPort ?? 0, () => {
      isBound = true;
      if (hops !== undefined) socket.setTTL(hops);
      socket.send(WORD, port, to, (error) => error !== null && end(outcomeOf(error)));
    });
  });
}

/** ping(8): 0 means answered; what it may not send it says itself. */
function tryPing({ to }: Try): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile("ping", ["-c", "1", "-W", "10", to], (error, stdout, stderr) => {
      if (error === null) return resolve("answered");
      resolve(/not permitted|prohibited|filtered/i.test(`${stdout}${stderr}`) ? "refused" : "lost");
    });
  });
}

const WAYS = { tcp: tryTcp, udp: tryUdp, ping: tryPing } as const;

const tries: Try[] = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await Promise.all(tries.map((one) => WAYS[one.protocol](one)))));
