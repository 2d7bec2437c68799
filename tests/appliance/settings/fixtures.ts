import fc from "fast-check";
import { cidrText, overlaps } from "../../../appliance/network/cidr.ts";
import { refusalOf } from "../../../appliance/network/special.ts";
import { label } from "../../../appliance/settings/fields.ts";
import {
  CLOUDS,
  CONNECTIVITIES,
  FORMS,
  REGIONS,
  SERVICES,
  type Settings,
  UPDATE_MODES,
} from "../../../appliance/settings/settings.ts";

export const ED25519 =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRA4N5sNQt4h44yrnDU0oSnCrMhn2l1RoU6MHw7AhVo admin@desk";
/** crypt("correct horse battery", ...), yescrypt. */
export const YESCRYPT = "$y$j9T$abcdefghijklmnopqrstuvwx$wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww";

/** A certificate of an authority made for the tests: CN=Postern test authority, P-256, until 2126. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmDCCAT+gAwIBAgIUEM+68vdIQK1cFhPdhDVBU7++mRMwCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWUG9zdGVybiB0ZXN0IGF1dGhvcml0eTAgFw0yNjExMjQwMzAw
MTVaGA8yMTI2MTAzMTAzMDAxNVowITEfMB0GA1UEAwwWUG9zdGVybiB0ZXN0IGF1
dGhvcml0eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABI/XYu0+wyebRRHWlhcP
13xuRqc+0nsBq6B4/pAfu+nJB41XjUBQr9/SBs+H1w+3INyXwePkFlvf6Kta5xSl
Pl2jUzBRMB0GA1UdDgQWBBSHLLCdUpm1V58zDpXauDgyVnE+pjAfBgNVHSMEGDAW
gBSHLLCdUpm1V58zDpXauDgyVnE+pjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
BAMCA0cAMEQCIF2AAJ87KBtKGi4pOQs0RLES7eaVWpYrKIApNcH2xPmCAiBb2mnC
0RkkZF7K0Q8QITBX+UxTfm3Nl7itBomNDui5dQ==
-----END CERTIFICATE-----
`;

export const SMALLEST = "schema: 1\nclients:\n  - cidr: 10.20.0.0/16\n";

/** Settings with every field off its default. */
export const FULL: Settings = {
  schema: 1,
  hostname: "proxy-01",
  network: {
    mac: "52:54:00:12:34:56",
    mode: "static",
    address: "10.20.0.5/24",
    gateway: "10.20.0.1",
    dns: ["10.20.0.2", "fd00::2"],
    search: ["example.com"],
    vlan: 20,
    mtu: 1400,
    ipv6: { mode: "static", address: "fd00:20::5/64", gateway: "fe80::1" },
    routes: [{ to: "10.99.0.0/16", via: "10.20.0.254" }],
    additional: [
      {
        mac: "52:54:00:12:34:99",
        address: "172.20.0.5/24",
        mtu: 9000,
        routes: [{ to: "172.21.0.0/16", via: "172.20.0.1" }],
      },
    ],
  },
  keyboard: { layout: "de", variant: "nodeadkeys" },
  clients: [
    { cidr: "10.20.0.0/16", label: "servers" },
    { cidr: "10.30.5.0/24", label: "dmz (north)" },
    { cidr: "fd00:1::/64" },
  ],
  admin: {
    sshKeys: [ED25519],
    from: ["10.20.9.0/24", "fd00:9::/64"],
    passwordLogin: true,
    passwordHash: YESCRYPT,
  },
  defender: {
    cloud: "commercial",
    regions: ["eu"],
    connectivity: "standard",
    services: ["mde", "mdi", "windows-update"],
    workspaces: ["contoso-corp"],
    form: "wildcard",
    broad: [".blob.core.windows.net", "azgn*.servicebus.windows.net"],
    extra: [
      { host: "agent.example.com", ports: [443, 8443], label: "other agent" },
      { host: ".updates.example.net", ports: [80] },
    ],
    catalogueKeys: [ED25519],
  },
  proxy: {
    upstream: { host: "proxy.corp.example", port: 8080 },
    privateDestinations: ["10.60.0.0/24"],
    sniCheck: true,
  },
  time: { zone: "Europe/Berlin", servers: ["ntp.example.com", "10.20.0.3"], hypervisor: false },
  logging: {
    syslog: { host: "siem.corp.example", port: 6514, protocol: "tls", ca: CERTIFICATE },
    retentionDays: 90,
  },
  updates: { mode: "security", window: "Sat,Sun 02:00-04:00", mirror: "https://mirror.corp.example/debian" },
};

const cidr = fc
  .oneof(
    fc
      .tuple(
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 8, max: 32 }),
      )
      .map(([b, c, prefix]) => ({
        family: 4 as const,
        value: (10n << 24n) | (BigInt(b) << 16n) | BigInt(c << 8),
        prefix,
      })),
    fc
      .tuple(fc.bigInt({ min: 0n, max: 2n ** 40n }), fc.integer({ min: 16, max: 128 }))
      .map(([value, prefix]) => ({
        family: 6 as const,
        value: (0xfdn << 120n) | (value << 70n),
        prefix,
      })),
  )
  .map((one) => {
    const shift = BigInt((one.family === 4 ? 32 : 128) - one.prefix);
    return { ...one, value: (one.value >> shift) << shift };
  })
  .filter((one) => refusalOf(one) === undefined);

/** Networks of which none contains another. */
const networks = (min: number) =>
  fc
    .array(cidr, { minLength: Math.max(min, 1), maxLength: 8 })
    .map((all) => all.filter((one, index) => all.slice(0, index).every((earlier) => !overlaps(earlier, one))))
    .map((all) => all.map(cidrText));

const labelText = fc.stringMatching(/^[A-Za-z0-9äß][A-Za-z0-9 ._+&/()-]{0,20}$/).filter((text) => {
  const parsed = label(text);
  return parsed.ok && parsed.value === text;
});

const common = {
  dns: fc.uniqueArray(fc.constantFrom("10.20.0.2", "192.0.2.53", "fd00::53"), { minLength: 1, maxLength: 3 }),
  search: fc.uniqueArray(fc.constantFrom("example.com", "corp.example"), { maxLength: 2 }),
  ipv6: fc.constantFrom(
    { mode: "off" as const },
    { mode: "slaac" as const },
    { mode: "static" as const, address: "fd00:20::5/64", gateway: "fe80::1" },
  ),
  routes: fc.uniqueArray(
    fc.constantFrom({ to: "10.99.0.0/16", via: "10.20.0.254" }, { to: "fd99::/48", via: "fd00:20::fe" }),
    { selector: ({ to }) => to },
  ),
  tags: fc.record(
    { vlan: fc.integer({ min: 1, max: 4094 }), mtu: fc.integer({ min: 1280, max: 9216 }) },
    { requiredKeys: [] },
  ),
  cards: fc.constantFrom(
    { additional: [] },
    { mac: "52:54:00:12:34:56", additional: [{ mac: "52:54:00:12:34:99", routes: [] }] },
    {
      mac: "52:54:00:12:34:56",
      additional: [
        {
          mac: "52:54:00:12:34:99",
          address: "172.20.0.5/24",
          mtu: 9000,
          vlan: 7,
          routes: [{ to: "172.21.0.0/16", via: "172.20.0.1" }],
        },
      ],
    },
  ),
};

const network = fc
  .oneof(
    fc.record({ mode: fc.constant("dhcp" as const), ...common, dns: fc.oneof(fc.constant([]), common.dns) }),
    fc.record({
      mode: fc.constant("static" as const),
      address: fc.constantFrom("10.20.0.5/24", "192.168.7.9/29"),
      gateway: fc.constant(""),
      ...common,
    }),
  )
  .map(({ tags, cards, ...one }) => ({ ...one, ...tags, ...cards }))
  .map((one) =>
    one.mode === "dhcp"
      ? one
      : { ...one, gateway: one.address.startsWith("10.") ? "10.20.0.1" : "192.168.7.14" },
  );

const extra = fc
  .record({
    host: fc.constantFrom("agent.example.com", ".updates.example.net", "a.example.org"),
    ports: fc.uniqueArray(fc.constantFrom(80, 443, 8443, 10443), { minLength: 1, maxLength: 3 }),
    label: fc.option(labelText, { nil: undefined }),
  })
  .map(({ host, ports, label: name }) => ({ host, ports, ...(name === undefined ? {} : { label: name }) }));

const syslog = fc.oneof(
  fc.record(
    {
      host: fc.constantFrom("siem.corp.example", "10.20.0.7"),
      port: fc.integer({ min: 1, max: 65535 }),
      protocol: fc.constant("tls" as const),
      ca: fc.constant(CERTIFICATE),
    },
    { requiredKeys: ["host", "port", "protocol"] },
  ),
  fc.record({
    host: fc.constantFrom("siem.corp.example", "fd00::7"),
    port: fc.constant(514),
    protocol: fc.constant("udp" as const),
  }),
);

/** Any settings that may be applied. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    hostname: fc.constantFrom("postern", "proxy-01", "a.example.com"),
    network,
    clients: networks(1).chain((all) =>
      fc.tuple(
        ...all.map((text) => fc.option(labelText, { nil: undefined }).map((name) => ({ text, name }))),
      ),
    ),
    sshKeys: fc.constantFrom([], [ED25519]),
    from: fc.oneof(fc.constant([]), networks(1)),
    cloud: fc.constantFrom(...CLOUDS),
    regions: fc.uniqueArray(fc.constantFrom(...REGIONS)),
    connectivity: fc.constantFrom(...CONNECTIVITIES),
    services: fc.uniqueArray(fc.constantFrom(...SERVICES), { minLength: 1 }),
    workspaces: fc.uniqueArray(fc.constantFrom("contoso", "contoso-corp"), { minLength: 1 }),
    zone: fc.constantFrom("UTC", "Europe/Berlin", "America/New_York"),
    hypervisor: fc.boolean(),
    form: fc.constantFrom(...FORMS),
    broad: fc.uniqueArray(fc.constantFrom(".blob.core.windows.net", "azgn*.servicebus.windows.net")),
    catalogueKeys: fc.constantFrom([], [ED25519]),
    extra: fc.uniqueArray(extra, { maxLength: 3, selector: ({ host }) => host }),
    passwordLogin: fc.boolean(),
    proxy: fc.record(
      {
        upstream: fc.record({
          host: fc.constantFrom("proxy.corp.example", "10.20.0.8", "fd00::8"),
          port: fc.integer({ min: 1, max: 65535 }),
        }),
        privateDestinations: fc.uniqueArray(fc.constantFrom("10.60.0.0/24", "172.30.0.0/16", "fd60::/64")),
        sniCheck: fc.boolean(),
      },
      { requiredKeys: ["privateDestinations", "sniCheck"] },
    ),
    logging: fc.record(
      { syslog, retentionDays: fc.integer({ min: 1, max: 365 }) },
      { requiredKeys: ["retentionDays"] },
    ),
    updates: fc.record(
      {
        mode: fc.constantFrom(...UPDATE_MODES),
        window: fc.constantFrom("02:00-04:00", "Sat,Sun 23:00-01:00"),
        mirror: fc.constantFrom("https://mirror.corp.example/debian", "http://10.20.0.9:8080"),
      },
      { requiredKeys: ["mode"] },
    ),
    keyboard: fc.constantFrom({ layout: "us" }, { layout: "de", variant: "nodeadkeys" }),
    servers: fc.uniqueArray(fc.constantFrom("ntp.example.com", "192.0.2.1"), { maxLength: 2 }),
  })
  .map((one) => ({
    schema: 1 as const,
    hostname: one.hostname,
    network: one.network,
    clients: one.clients.map(({ text, name }) => ({
      cidr: text,
      ...(name === undefined ? {} : { label: name }),
    })),
    keyboard: one.keyboard,
    admin: {
      sshKeys: one.sshKeys,
      from: one.from,
      passwordLogin: one.passwordLogin,
      ...(one.passwordLogin ? { passwordHash: YESCRYPT } : {}),
    },
    defender: {
      cloud: one.cloud,
      regions: one.regions,
      connectivity: one.connectivity,
      services: one.services,
      workspaces: one.workspaces,
      form: one.form,
      broad: one.broad,
      extra: one.extra,
      catalogueKeys: one.catalogueKeys,
    },
    proxy: one.proxy,
    time: { zone: one.zone, servers: one.servers, hypervisor: one.hypervisor },
    logging: one.logging,
    updates: one.updates,
  }));
