/** /etc/hostname: hostname(5). */
export function hostnameText(hostname: string): string {
  return `${hostname}\n`;
}

/** /etc/hosts: the machine finds its own name without a DNS server. */
export function hostsText(hostname: string): string {
  const short = hostname.split(".")[0] ?? hostname;
  const names = short === hostname ? hostname : `${hostname} ${short}`;
  return `127.0.0.1 localhost
127.0.1.1 ${names}
::1 localhost ip6-localhost ip6-loopback
`;
}
