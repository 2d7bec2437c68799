import { connect, type Socket } from "node:net";
import { CLIENT } from "../proxy/scenarios.ts";

/** Names that a catalogue opens, has just opened, closes, or expresses by a pattern. */
export const NAMES = [
  "go.microsoft.com",
  "config.edge.skype.com",
  "new.defender.microsoft.com",
  "azgn12.servicebus.windows.net",
  "AZGN12.servicebus.windows.net",
  "xazgn12.servicebus.windows.net",
  "azgn1.evil.servicebus.windows.net",
  "azgn12.servicebus.windows.net.evil.example",
] as const;

/** Asks the proxy for a tunnel as a client does; 0 where it gives no answer. */
export function openTunnel(name: string): Promise<{ status: number; socket?: Socket }> {
  return new Promise((resolve) => {
    let text = "";
    const target = `${name}:443`;
    const socket = connect({ port: 3128, host: CLIENT, localAddress: CLIENT }, () =>
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`),
    );
    const end = (status: number) => {
      socket.removeAllListeners();
      socket.on("error", () => {});
      if (status === 200) return resolve({ status, socket });
      socket.destroy();
      resolve({ status });
    };
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const status = /^HTTP\/1\.1 (\d+)[\s\S]*\r\n\r\n/.exec(text)?.[1];
      if (status !== undefined) end(Number(status));
    });
    socket.on("close", () => end(0));
    socket.on("error", () => end(0));
  });
}

/** Whether a word that is sent through a tunnel comes back. */
export function echoes(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.once("data", (bytes) => resolve(bytes.toString() === "still there"));
    socket.once("close", () => resolve(false));
    if (socket.destroyed || !socket.write("still there")) resolve(false);
  });
}
