import test from "ava";
import { known, refusalOf } from "../../../appliance/network/special.ts";

const REFUSED: [string, RegExp][] = [
  ["0.0.0.0/0", /everybody.*open proxy/],
  ["::/0", /everybody.*open proxy/],
  ["8.0.0.0/7", /wider than \/8/],
  ["2000::/3", /wider than \/16/],
  ["127.0.0.0/8", /loopback/],
  ["127.0.0.1/32", /loopback/],
  ["::1/128", /loopback/],
  ["169.254.0.0/16", /link-local/],
  ["169.254.169.254/32", /link-local/],
  ["fe80::/64", /link-local/],
  ["224.0.0.0/8", /multicast/],
  ["ff02::/16", /multicast/],
  ["240.0.0.0/8", /reserved/],
  ["0.0.0.0/8", /unspecified/],
  ["::ffff:10.0.0.0/104", /IPv4/],
];
for (const [text, reason] of REFUSED) {
  test(`${text} is refused`, (t) => t.regex(refusalOf(known(text)) ?? "", reason));
}

for (const text of ["10.0.0.0/8", "192.168.1.7/32", "fd00::/8", "fc00::/7", "2001:db8::/32", "8.0.0.0/8"]) {
  test(`${text} may be let in`, (t) => t.is(refusalOf(known(text)), undefined));
}
