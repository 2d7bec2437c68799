import { readFileSync } from "node:fs";
import test from "ava";
import type { FakeCard } from "../kit/machine.ts";
import { KEYS } from "../kit/terminal.ts";
import { SMALLEST } from "../settings/fixtures.ts";
import { answer, configured, PASSWORD, type Script, settingsOf, sit } from "./sitting.ts";

const { enter, esc, down, clear } = KEYS;

const CARDS: FakeCard[] = [
  { name: "eth0", mac: "52:54:00:00:00:01", hasLink: true, address: "10.0.2.15/24" },
  { name: "eth1", mac: "52:54:00:00:00:02" },
];

/** From the status screen of a configured machine to its review. */
const REVIEW: Script = [["NOT SERVING", "r"]];

function line(number: number): string {
  return `${number}${enter}`;
}

/** Every line of the review, and what it makes of the settings. */
const CHANGES: readonly { name: string; script: Script; path: string; expected: unknown }[] = [
  {
    name: "keyboard",
    script: [
      ["Keyboard       us", line(2)],
      ["not for the terminal you are at", line(4)],
    ],
    path: "keyboard",
    expected: { layout: "de" },
  },
  {
    name: "another layout",
    script: [
      ["Keyboard       us", line(2)],
      ["Keyboard: which layout?", line(22)],
      ["Keyboard: another layout", `${clear}hu qwerty extra`],
      ["a layout and at most one variant", `${clear}hu qwerty${enter}`],
    ],
    path: "keyboard",
    expected: { layout: "hu", variant: "qwerty" },
  },
  {
    name: "search domains",
    script: [
      ["Network, more", line(4)],
      ["Search domains", line(3)],
      ["Network: search domains", `Corp.example.com${enter}`],
      ["Search domains    corp.example.com", enter],
    ],
    path: "network.search",
    expected: ["corp.example.com"],
  },
  {
    name: "IPv6 by hand",
    script: [
      ["Network, more", line(4)],
      ["IPv6", line(4)],
      ["Network: IPv6?", line(3)],
      ["IPv6 address and router", "fd00:10::5/64 fd00:11::1"],
      ["a gateway inside fd00:10::/64 or a link-local one", `${clear}fd00:10::5/64 fe80::1${enter}`],
      ["fd00:10::5/64, router fe80::1", enter],
    ],
    path: "network.ipv6",
    expected: { mode: "static", address: "fd00:10::5/64", gateway: "fe80::1" },
  },
  {
    name: "VLAN",
    script: [
      ["Network, more", line(4)],
      ["VLAN", line(5)],
      ["Network: VLAN", "5000"],
      ["Expected: a whole number from 1 to 4094", `${clear}30${enter}`],
      ["VLAN              30", enter],
    ],
    path: "network.vlan",
    expected: 30,
  },
  {
    name: "MTU",
    script: [
      ["Network, more", line(4)],
      ["MTU", line(6)],
      ["Network: MTU", `1400${enter}`],
      ["MTU               1400", enter],
    ],
    path: "network.mtu",
    expected: 1400,
  },
  {
    name: "routes",
    script: [
      ["Network, more", line(4)],
      ["Routes", line(8)],
      ["Network: routes", `10.30.0.0/16 via 10.0.2.254${enter}`],
      ["another route", enter],
      ["10.30.0.0/16 via 10.0.2.254", enter],
    ],
    path: "network.routes",
    expected: [{ to: "10.30.0.0/16", via: "10.0.2.254" }],
  },
  {
    name: "an additional card with a route of its own",
    script: [
      ["Network, more", line(4)],
      ["Additional cards", line(7)],
      ["(the main card)", `52-54-00-00-00-02 10.30.0.5/24 vlan 7 mtu 9000${enter}`],
      ["another card, or Enter", enter],
      ["Additional cards  52:54:00:00:00:02 10.30.0.5/24", line(8)],
      ["Network: routes", `10.31.0.0/16 10.30.0.1 52:54:00:00:00:02${enter}`],
      ["10.31.0.0/16 via 10.30.0.1 on 52:54:00:00:00:02", enter],
      ["1. Back", enter],
    ],
    path: "network.additional",
    expected: [
      {
        mac: "52:54:00:00:00:02",
        address: "10.30.0.5/24",
        vlan: 7,
        mtu: 9000,
        routes: [{ to: "10.31.0.0/16", via: "10.30.0.1" }],
      },
    ],
  },
  {
    name: "SSH with the password",
    script: [
      ["Administrator", line(6)],
      ["Password", line(2)],
      ["Administrator: password", `${PASSWORD}${enter}`],
      ["password again", `${PASSWORD}${enter}`],
      ["password set", line(4)],
      ["SSH with the password?", line(2)],
      ["SSH with password  yes", enter],
    ],
    path: "admin.passwordLogin",
    expected: true,
  },
  {
    name: "services and regions",
    script: [
      ["Defender", line(7)],
      ["Services", line(3)],
      ["Defender: which services?", "4 "],
      ["[x] Windows Update and Microsoft Update", enter],
      ["mde, mdi, windows-update", line(4)],
      ["where is the tenant's data?", ` ${down} ${enter}`],
      ["us, eu", enter],
    ],
    path: "defender.services",
    expected: ["mde", "mdi", "windows-update"],
  },
  {
    name: "standard connectivity",
    script: [
      ["Defender", line(7)],
      ["Connectivity", line(5)],
      ["Defender: which connectivity?", line(2)],
      ["standard", enter],
    ],
    path: "defender.connectivity",
    expected: "standard",
  },
  {
    name: "wildcard form",
    script: [
      ["Defender", line(7)],
      ["Form of names", line(7)],
      ["exact names or wildcards?", line(2)],
      ["wildcard", enter],
    ],
    path: "defender.form",
    expected: "wildcard",
  },
  {
    name: "extra destinations",
    script: [
      ["Defender", line(7)],
      ["Extra destinations", line(8)],
      ["Defender: extra destinations", `*.agent.example.com 443 80 backup agent${enter}`],
      ["1. .agent.example.com 443 80 backup agent", enter],
      [".agent.example.com", enter],
    ],
    path: "defender.extra",
    expected: [{ host: ".agent.example.com", ports: [443, 80], label: "backup agent" }],
  },
  {
    name: "zone",
    script: [
      ["Time", line(8)],
      ["Zone", line(3)],
      ["Time: which zone?", `${clear}europe/berlin`],
      ["there", enter],
      ["Europe/Berlin", enter],
    ],
    path: "time.zone",
    expected: "Europe/Berlin",
  },
  {
    name: "hypervisor's clock",
    script: [
      ["Time", line(8)],
      ["Hypervisor's clock", line(4)],
      ["the hypervisor's clock too?", line(2)],
      ["Hypervisor's clock  no", enter],
    ],
    path: "time.hypervisor",
    expected: false,
  },
  {
    name: "name",
    script: [
      ["Name", line(9)],
      ["Name: what is", `${clear}Proxy-01${enter}`],
    ],
    path: "hostname",
    expected: "proxy-01",
  },
  {
    name: "upstream proxy",
    script: [
      ["Proxy", line(10)],
      ["Through another proxy", line(2)],
      ["Proxy: through another proxy?", "proxy.example.com"],
      ["a port after the name", `:8080${enter}`],
      ["proxy.example.com 8080", enter],
    ],
    path: "proxy.upstream",
    expected: { host: "proxy.example.com", port: 8080 },
  },
  {
    name: "private destinations",
    script: [
      ["Proxy", line(10)],
      ["Private destinations", line(3)],
      ["Proxy: private destinations", "8.8.8.0/24"],
      ["public ones are open", `${clear}10.40.0.0/24${enter}`],
      ["10.40.0.0/24", enter],
    ],
    path: "proxy.privateDestinations",
    expected: ["10.40.0.0/24"],
  },
  {
    name: "syslog",
    script: [
      ["Logging", line(11)],
      ["Syslog server", line(2)],
      ["Logging: a syslog server?", `syslog.example.com udp${enter}`],
      ["syslog.example.com udp", enter],
    ],
    path: "logging.syslog",
    expected: { host: "syslog.example.com", protocol: "udp", port: 514 },
  },
  {
    name: "retention",
    script: [
      ["Logging", line(11)],
      ["Kept", line(3)],
      ["how long are logs kept?", `${clear}90${enter}`],
      ["90 days", enter],
    ],
    path: "logging.retentionDays",
    expected: 90,
  },
  {
    name: "updates",
    script: [
      ["Updates", line(12)],
      ["Hours", line(3)],
      ["Updates: in which hours?", `Sat,Sun 02:00-04:00${enter}`],
      ["Sat,Sun 02:00-04:00", line(4)],
      ["Updates: from which mirror?", `http://mirror.example.com/debian/${enter}`],
      ["http://mirror.example.com/debian", enter],
    ],
    path: "updates",
    expected: { mode: "security", window: "Sat,Sun 02:00-04:00", mirror: "http://mirror.example.com/debian" },
  },
  {
    name: "no updates",
    script: [
      ["Updates", line(12)],
      ["Security updates", line(2)],
      ["install themselves?", line(2)],
      ["Security updates  no", enter],
    ],
    path: "updates.mode",
    expected: "off",
  },
];

for (const { name, script, path, expected } of CHANGES) {
  test(`the review changes ${name}`, async (t) => {
    const { machine, person } = sit(t, { machine: configured(t, SMALLEST, CARDS) });

    await answer(person, [
      ...REVIEW,
      ...script,
      ["Review: apply these settings?", line(1)],
      ["Keep these settings?", line(1)],
    ]);
    await person.see("NOT SERVING");

    const value = path
      .split(".")
      .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], settingsOf(machine));
    t.deepEqual(value, expected);
    t.is(person.screen.scrolled, 0);
  });
}

test("the review says what each broad name opens", async (t) => {
  const broad = ["azgn*.servicebus.windows.net", ".blob.core.windows.net", ".atp.azure.com", "x.example.com"];
  const text = `${SMALLEST}defender: { services: [mde, azure-arc], broad: [${broad.join(", ")}] }\n`;
  const { person } = sit(t, { machine: configured(t, text) });

  await answer(person, [...REVIEW]);
  await person.see("Broad name .blob.core.windows.net: It opens the storage");
  await person.see("Broad name x.example.com: the catalogue has no such name.");
  t.is(person.screen.scrolled, 0);
});

test("what was left half typed comes back, and the value that was right stays", async (t) => {
  const { person } = sit(t, { machine: configured(t) });

  await answer(person, [
    ...REVIEW,
    ["Review: apply", line(9)],
    ["Name: what is", `${clear}bad name`],
    ["Expected: a name of letters", esc],
    ["Name           postern", line(9)],
  ]);
  await person.see("> bad name");
  t.pass();
});

test("answers that do not fit together are marked, and are not applied", async (t) => {
  const { machine, person } = sit(t, { machine: configured(t) });

  await answer(person, [
    ...REVIEW,
    ["Review: apply", line(3)],
    ["Network: how does", line(2)],
    ["Network: address of this machine", esc],
    ["Network: how does", esc],
    ["! Network        no address, gateway none", line(1)],
    ["These settings do not fit together", ""],
    ["network.address: expected", enter],
    ["! Network", line(3)],
    ["Network: how does", line(1)],
    ["  Network        DHCP", line(1)],
    ["Keep these settings?", line(1)],
  ]);
  await person.see("NOT SERVING");

  t.is(settingsOf(machine).network.mode, "dhcp");
});

test("comments and order of the file outlive a change on the console", async (t) => {
  const text = "# ours\nclients:\n  - cidr: 10.20.0.0/16 # servers\nhostname: proxy-01\nschema: 1\n";
  const { machine, person } = sit(t, { machine: configured(t, text) });

  await answer(person, [
    ...REVIEW,
    ["Review: apply", line(9)],
    ["Name: what is", `${clear}proxy-02${enter}`],
    ["Review: apply", line(1)],
    ["Keep these settings?", line(1)],
  ]);
  await person.see("NOT SERVING");

  t.is(readFileSync(machine.paths.settings, "utf8"), text.replace("proxy-01", "proxy-02"));
});
