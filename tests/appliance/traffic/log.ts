/** A line of Squid's access log, with its line feed. */
export function logLine(
  time: number,
  { client = "10.20.4.7", url = "a.example.com:443", isRefused = false, rule = "name" } = {},
): string {
  const end = isRefused
    ? `"status":403,"result":"TCP_DENIED","rule":"${rule}"`
    : `"status":200,"result":"TCP_TUNNEL","rule":"-"`;
  return `{"time":${(time / 1000).toFixed(3)},"client":"${client}","method":"CONNECT","url":"${url}",${end},"server":"-","sent":0,"received":0,"ms":1}\n`;
}
