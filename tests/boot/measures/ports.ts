/** Open ports of one host in nmap's greppable output (-oG), with the protocol: `22/tcp`. */
export function parseOpenPorts(text: string): string[] {
  const list = /\tPorts: ([^\t\n]*)/.exec(text)?.[1] ?? "";
  const ports = [...list.matchAll(/(\d+)\/open\/(tcp|udp)\//g)];
  return ports.map(([, port, protocol]) => `${port}/${protocol}`);
}

/** The number of ports that nmap says it looked at. */
export function scannedPorts(text: string): number {
  return (
    Number(/Ports scanned: TCP\((\d+);/.exec(text)?.[1] ?? 0) + Number(/ UDP\((\d+);/.exec(text)?.[1] ?? 0)
  );
}

/** UDP sockets of `ss -Hlnu` that listen on more than the loopback. */
export function parseUdpListeners(text: string): string[] {
  const addresses = text
    .split("\n")
    .map((line) => line.trim().split(/\s+/)[3] ?? "")
    .filter((address) => address !== "");
  return addresses.filter((address) => !/^(127\.[\d.]+(%\w+)?|\[::1\](%\w+)?):\d+$/.test(address));
}
