import fc from "fast-check";
import { cidrText, overlaps } from "../../../appliance/network/cidr.ts";
import { refusalOf } from "../../../appliance/network/special.ts";
import { label } from "../../../appliance/settings/fields.ts";
import {
  CLOUDS,
  CONNECTIVITIES,
  REGIONS,
  SERVICES,
  type Settings,
} from "../../../appliance/settings/settings.ts";

export const ED25519 =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRA4N5sNQt4h44yrnDU0oSnCrMhn2l1RoU6MHw7AhVo admin@desk";
/** crypt("correct horse battery", ...), yescrypt. */
export const YESCRYPT = "$y$j9T$abcdefghijklmnopqrstuvwx$wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww";

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
    ipv6: "auto",
  },
  clients: [
    { cidr: "10.20.0.0/16", label: "servers" },
    { cidr: "10.30.5.0/24", label: "dmz (north)" },
    { cidr: "fd00:1::/64" },
  ],
  admin: { sshKeys: [ED25519], from: ["10.20.9.0/24", "fd00:9::/64"], passwordHash: YESCRYPT },
  defender: {
    cloud: "commercial",
    regions: ["eu"],
    connectivity: "standard",
    services: ["mde", "mdi", "windows-update"],
    workspaces: ["contoso-corp"],
  },
  time: { servers: ["ntp.example.com", "10.20.0.3"] },
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
  ipv6: fc.constantFrom("off" as const, "auto" as const),
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
  .map((one) =>
    one.mode === "dhcp"
      ? one
      : { ...one, gateway: one.address.startsWith("10.") ? "10.20.0.1" : "192.168.7.14" },
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
    admin: { sshKeys: one.sshKeys, from: one.from },
    defender: {
      cloud: one.cloud,
      regions: one.regions,
      connectivity: one.connectivity,
      services: one.services,
      workspaces: one.workspaces,
    },
    time: { servers: one.servers },
  }));
