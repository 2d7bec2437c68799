import test from "ava";
import fc from "fast-check";
import type { Status } from "../../../../appliance/check/status.ts";
import {
  flow,
  listText,
  sizeText,
  squeeze,
  thousands,
} from "../../../../appliance/console/status/figures.ts";
import { statusPage } from "../../../../appliance/console/status/statuspage.ts";
import { fold } from "../../../../appliance/console/terminal/width.ts";
import { FRESH, ILL, WELL } from "./statuses.ts";

function page(status: Status, columns: number, rows: number, isConsole = true): string {
  return statusPage(status, { columns, rows, isConsole }).join("\n");
}

test("80x24, a machine that is well", (t) => {
  t.is(
    page(WELL, 80, 24),
    ` Postern 1.0.0  proxy-01  10.20.0.5/24 on eth0  gateway ok  clock ok (0.4 ms)

 Serving     10.20.0.0/16 servers, 10.30.5.0/24 dmz                   port 3128
 Tunnels     1,204 open   last hour 84,110 allowed, 212 denied
 Defender    commercial, EU, streamlined       MDE ok   MDI contoso ok   CRL ok
 Last denied 12:04:31  10.20.4.7 -> www.example.com:443   not on the list
             Mon 23:59  10.30.5.199 -> very-v...ple.com:8443   port not allowed
 Disk        log 11 % of 12 GiB      Updates 2 security, tonight 02:00
 SSH         from 10.20.9.0/24
             SHA256:zsAFGkeN0tkLYBk4OjL3dTcRUnQ8hxrqWzVq2pB0aQ0 (ed25519)
 Catalogue   of 2026-11-23, from the image
 Settings    number 12, from the console (tty1), 2026-11-20 09:30

 [r] reconfigure [c] client settings [d] denials [t] test [l] log in [b] reboot`,
  );
});

test("80x24, a bad day in a session", (t) => {
  t.is(
    page(ILL, 80, 24, false),
    ` Postern 1.0.0  proxy-01  10.20.0.5/24 on eth0  gateway SILENT
 clock NOT SYNCHRONISED

 NOT SERVING the proxy does not listen; posternctl check says why
 CONFIRM     the change goes back by itself in 87 s   [y] keep it  [n] go back
 GATEWAY     10.20.0.1 does not answer; is it right, and the network too?
 CLOCK       not synchronised; name a time server it can reach (UDP 123)
 DISK        the log partition is FULL: 96 %; enlarge the disk
 DISK        the system partition is filling: 86 %; enlarge the disk
 DEFENDER    MDE: winatp-gw-weu.microsoft.com: no answer in 10 s
 RESTART     an update needs one; when it suits: [b] reboot
 UPDATES     3 for security wait; the settings keep them from installing
 Tunnels     1,204 open   last hour at least 33,000 allowed, 9 denied
 Defender    commercial, EU, streamlined
             MDE NOT REACHED   CRL ok   (11:05:00)
 Last denied nothing
 Disk        log 96 % of 12 GiB      Updates 3 security, NOT by themselves
 SSH         from 10.20.9.0/24
             SHA256:zsAFGkeN0tkLYBk4OjL3dTcRUnQ8hxrqWzVq2pB0aQ0 (ed25519)
 Catalogue   of 2026-11-23, from the image
 Settings    number 12, from the console (tty1), 2026-11-20 09:30

 [r] reconfigure [c] client settings [d] denials [t] test [b] reboot [q] quit`,
  );
});

test("80x24, a machine that nobody has configured, without a cable", (t) => {
  t.is(
    page(FRESH, 80, 24),
    ` Postern 1.0.0   NO ADDRESS   NO GATEWAY   clock UNKNOWN

 NOT SERVING this machine is not configured yet
 LINK        no card is connected: check the cable, or the VM's network card
 CLOCK       chrony does not answer: posternctl check
 Disk        log 11 % of 12 GiB      Updates not counted yet

 [r] reconfigure [c] client settings [d] denials [t] test [l] log in [b] reboot`,
  );
});

test("40x9, a machine that is well", (t) => {
  t.is(
    page(WELL, 40, 9),
    ` Postern 1.0.0  proxy-01
 Serving 2 networks on port 3128
 10.20.0.5/24 on eth0
 1,204 open, hour 84,110 ok, 212 denied
 MDE ok, MDI contoso ok, CRL ok
 Denied www.example.com:443
 Log 11 % full  2 security updates
 [r] reconfigure [c] clients [t] test
 [d] denials [l] log in [b] reboot`,
  );
});

test("40x9, a bad day: what is urgent keeps its place", (t) => {
  t.is(
    page(ILL, 40, 9, false),
    ` Postern 1.0.0  proxy-01
 NOT SERVING: posternctl check says why
 CONFIRM in 87 s: [y] keep [n] go back
 GATEWAY 10.20.0.1 is silent
 CLOCK not synchronised
 DISK log FULL: 96 %
 DISK system filling: 86 %
 [r] reconfigure [c] clients [t] test
 [d] denials [b] reboot [q] quit`,
  );
});

test("many clients and networks are named as far as they fit, and the rest is counted", (t) => {
  const clients = Array.from({ length: 300 }, (_, index) => ({
    cidr: `10.${index % 250}.0.0/16`,
    label: "site",
  }));
  const from = clients.slice(0, 30).map(({ cidr }) => cidr);
  const text = page({ ...WELL, clients, ssh: { ...WELL.ssh, from } }, 80, 24);

  t.regex(text, /^ Serving {5}10\.0\.0\.0\/16 site, 10\.1\.0\.0\/16 site and 298 more +port 3128$/m);
  t.regex(text, /^ SSH {9}from 10\.0\.0\.0\/16, 10\.1\.0\.0\/16, 10\.2\.0\.0\/16 and 27 more$/m);
});

test("what came of a key stands above the keys; without keys it is only to be read", (t) => {
  const said = statusPage(WELL, { columns: 80, rows: 24, isConsole: true, said: "The change is kept." });
  t.is(said.at(-2), " The change is kept.");

  const text = statusPage(ILL, { columns: 100, rows: 99, isConsole: false, hasKeys: false }).join("\n");
  t.false(text.includes("["), "no key is offered");
  t.regex(text, /keep it: posternctl confirm/);
});

const CHANGES: [string, Partial<Status>, RegExp][] = [
  ["the log is read for the first time", { traffic: undefined }, /last hour: counting/],
  ["nobody asked the services yet", { reach: undefined }, /streamlined +not tested yet$/m],
  ["every region", { defender: WELL.defender && { ...WELL.defender, regions: [] } }, /all regions/],
  ["SSH is closed", { ssh: { from: [], fingerprints: [] } }, /^ SSH +closed$/m],
  ["a gateway that was not needed yet", { gateway: { address: "10.20.0.1", state: "unknown" } }, /not tried/],
  [
    "a restart in the window",
    { rebootNeeded: true },
    /^ RESTART +an update needs one; it happens tonight 02:00, or by \[b\] reboot$/m,
  ],
  [
    "no update is for security",
    { updates: { pending: { total: 5, security: 0 }, installs: "daily", restarts: false } },
    /Updates 5 pending, none for security$/m,
  ],
  [
    "a second card",
    {
      addresses: [
        ...WELL.addresses,
        { card: "eth1", address: "172.20.0.5/24", hasLink: false },
        { card: "eth2", address: "", hasLink: false },
      ],
    },
    /10\.20\.0\.5\/24 on eth0 {2}172\.20\.0\.5\/24 on eth1 NO LINK\n/,
  ],
  [
    "DHCP that does not answer",
    { addresses: [{ card: "eth0", address: "", hasLink: true }] },
    /^ ADDRESS +none yet: check DHCP and the VLAN/m,
  ],
  ["a clock that is far off", { clock: { state: "ok", milliseconds: 2345 } }, /clock ok \(2\.3 s\)/],
];
for (const [title, change, expected] of CHANGES) {
  test(`in words: ${title}`, (t) => t.regex(page({ ...WELL, ...change }, 80, 24), expected));
}

test("whatever the size and the state, no line is too long, none too many, and NOT SERVING is seen", (t) => {
  const status = fc.constantFrom(WELL, ILL, FRESH).chain((base) =>
    fc.record({
      base: fc.constant(base),
      hostname: fc.string({ maxLength: 80, unit: "binary" }),
      count: fc.nat({ max: 40 }),
    }),
  );
  fc.assert(
    fc.property(
      status,
      fc.integer({ min: 21, max: 200 }),
      fc.integer({ min: 6, max: 60 }),
      ({ base, hostname, count }, columns, rows) => {
        const denial = { time: 0, client: "fd00::1", target: hostname, rule: "name" };
        const lines = statusPage(
          { ...base, hostname, denials: Array.from({ length: count }, () => denial) },
          { columns, rows, isConsole: true },
        );
        t.true(lines.length <= rows);
        for (const line of lines) t.regex(line, new RegExp(`^[ -~]{0,${columns - 1}}$`));
        t.is(lines.join("\n").includes("NOT SERVING"), !base.serving);
      },
    ),
  );
});

test("figures", (t) => {
  t.deepEqual([0, 999, 1000, 84_110, 1_234_567].map(thousands), ["0", "999", "1,000", "84,110", "1,234,567"]);
  t.deepEqual([512 * 2 ** 20, 2 ** 30, 1.5 * 2 ** 30, 12 * 2 ** 30].map(sizeText), [
    "512 MiB",
    "1 GiB",
    "1.5 GiB",
    "12 GiB",
  ]);
  t.is(listText(["a", "b", "c"], 10), "a, b, c");
  t.is(listText(["aaaa", "bbbb", "cccc"], 15), "aaaa and 2 more");
  t.is(listText(["aaaa", "bbbb", "cccc"], 13), "3");
  t.deepEqual(flow(["aa", "bb", "cc"], 9), ["aa  bb", "cc"]);
  t.is(squeeze("a-very-long-name.example.com:443", 20), "a-ver...mple.com:443");
});

test("fold loses nothing and fits", (t) => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ a-z]{0,200}$/), fc.integer({ min: 5, max: 80 }), (text, width) => {
      const lines = fold(text, width);
      t.true(lines.every((line) => line.length <= width));
      t.is(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    }),
  );
});
