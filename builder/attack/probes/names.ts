import type { Aim, Probe } from "../probe.ts";
import { ALLOWED_ALONE, ask, OTHER, REFUSED, tunnelTo, utf8 } from "./requests.ts";

const topic = "names";
const why = "A name that is not on the list is reached.";

/** `microsoft.com` of a longer name. */
function domainOf({ allowed }: Aim): string {
  return allowed.split(".").slice(-2).join(".");
}

/** Each with the target that is asked for. */
const TARGETS: readonly [id: string, title: string, target: (aim: Aim) => string][] = [
  ["other", "a name that is not on the list", () => `${OTHER}:443`],
  ["other-capitals", "the same in capitals", () => `${OTHER.toUpperCase()}:443`],
  ["other-dot", "the same with the root's dot", () => `${OTHER}.:443`],
  ["other-dots", "the same with two dots", () => `${OTHER}..:443`],
  ["alike-hyphen", "a domain that ends like an allowed one", (aim) => `evil-${domainOf(aim)}:443`],
  ["alike-glued", "a domain with letters before an allowed one", (aim) => `x.evil${domainOf(aim)}:443`],
  [
    "alike-below",
    "an allowed name as the beginning of another",
    ({ allowed }) => `${allowed}.example.net:443`,
  ],
  [
    "alike-tail",
    "an allowed name with a hyphen and more",
    ({ allowed }) => `${allowed}-evil.example.net:443`,
  ],
  ["alike-top", "an allowed name under another top-level domain", ({ allowed }) => `${allowed}.cm:443`],
  ["percent-dot", "dots as %2e", () => "www%2eexample%2ecom:443"],
  ["percent-nul", "an allowed name, %00, another", ({ allowed }) => `${allowed}%00.example.net:443`],
  ["percent-at", "an allowed name, %40, another", ({ allowed }) => `${allowed}%40${OTHER}:443`],
  ["nul", "an allowed name, a NUL byte, another", ({ allowed }) => `${allowed}\0.example.net:443`],
  ["tab", "an allowed name, a tab, another", ({ allowed }) => `${allowed}\t${OTHER}:443`],
  ["vertical-tab", "an allowed name, a vertical tab, another", ({ allowed }) => `${allowed}\x0b${OTHER}:443`],
  ["userinfo", "an allowed name as the user of another", ({ allowed }) => `${allowed}@${OTHER}:443`],
  [
    "userinfo-turned",
    "another name as the user of an allowed one",
    ({ allowed }) => `${OTHER}:443@${allowed}:443`,
  ],
  ["latin1", "a letter that is not ASCII", (aim) => `${domainOf(aim).replace("o", "\xf6")}:443`],
  [
    "unicode",
    "Cyrillic letters that look alike",
    (aim) => utf8(`${domainOf(aim).replace("o", "\u043e")}:443`),
  ],
  ["unicode-dot", "an ideographic full stop", () => utf8("www\u3002example\u3002com:443")],
  ["full-width", "full-width letters", () => utf8("\uff57\uff57\uff57.example.com:443")],
  ["punycode", "a name in punycode that looks alike", () => "xn--mcrosoft-tkb.example.com:443"],
  ["star", "a star for a name", () => "*:443"],
  ["long-label", "a label of 300 letters", () => `${"a".repeat(300)}.example.com:443`],
  ["long-name", "a name of 4,000 letters", () => `${"abcdefg.".repeat(500)}example.com:443`],
  ["empty", "no name at all", () => ":443"],
  ["dot", "the root itself", () => ".:443"],
  ["url", "a whole URL for a tunnel", () => `https://${OTHER}:443/`],
  [
    "url-userinfo",
    "a whole URL with an allowed name as the user",
    ({ allowed }) => `https://${allowed}@${OTHER}/`,
  ],
];

/** The same, where a reader may well find the allowed name and nothing else in it. */
const ODD: typeof TARGETS = [
  ["space", "an allowed name and another, with a space", ({ allowed }) => `${allowed}:443 ${OTHER}:443`],
  [
    "userinfo-port",
    "an allowed name with its port as the user",
    ({ allowed }) => `${allowed}:443@${OTHER}:443`,
  ],
  ["backslash", "an allowed name behind a backslash", ({ allowed }) => `${OTHER}\\@${allowed}:443`],
  ["fragment", "an allowed name behind #", ({ allowed }) => `${OTHER}#@${allowed}:443`],
  ["query", "an allowed name behind ?", ({ allowed }) => `${OTHER}?@${allowed}:443`],
  ["slash", "an allowed name behind /", ({ allowed }) => `${OTHER}/.${allowed}:443`],
  ["semicolon", "an allowed name behind ;", ({ allowed }) => `${OTHER};.${allowed}:443`],
  ["comma", "two names with a comma", ({ allowed }) => `${OTHER},${allowed}:443`],
];

/** Names below suffixes that any customer of the platform can have; lists that open the suffix open them. */
const TENANTS: readonly [id: string, title: string, host: string][] = [
  ["tenant-storage", "anybody's blob storage", "attacker.blob.core.windows.net"],
  ["tenant-app", "anybody's web app", "attacker.azurewebsites.net"],
  ["tenant-automation", "anybody's automation account", "attacker.azure-automation.net"],
  ["tenant-logs", "anybody's log workspace", "attacker.ods.opinsights.azure.com"],
  ["tenant-identity", "another customer's Identity workspace", "attackersensorapi.atp.azure.com"],
  ["tenant-graph", "a service that every tenant writes to", "graph.microsoft.com"],
  ["scanner", "a service that calls any host one names", "www.ssllabs.com"],
];

export const NAMES: readonly Probe[] = [
  ...TARGETS.map(([id, title, target]) => ({
    id: `name-${id}`,
    topic,
    title,
    send: (aim: Aim) => [tunnelTo(target(aim))],
    must: REFUSED,
    why,
  })),
  ...ODD.map(([id, title, target]) => ({
    id: `name-${id}`,
    topic,
    title,
    send: (aim: Aim) => [tunnelTo(target(aim))],
    must: ALLOWED_ALONE,
    why,
    needs: ["origin"] as const,
  })),
  ...TENANTS.map(([id, title, host]) => ({
    id: `name-${id}`,
    topic,
    title: `${title}: ${host}`,
    send: () => [tunnelTo(`${host}:443`)],
    must: REFUSED,
    why: "Data leaves to somebody else's account on a name that looks like Microsoft's.",
    source: "https://learn.microsoft.com/en-us/defender-endpoint/configure-environment",
    limit: "settings" as const,
  })),
  {
    id: "name-host-header",
    topic,
    title: "a tunnel to another name, with an allowed one in Host",
    send: ({ allowed }) => [tunnelTo(`${OTHER}:443`, "", allowed)],
    must: REFUSED,
    why,
    source: "https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2",
  },
  {
    id: "name-two-hosts",
    topic,
    title: "a tunnel to another name, with two Host headers",
    send: ({ allowed }) => [tunnelTo(`${OTHER}:443`, `Host: ${allowed}\r\n`)],
    must: REFUSED,
    why,
  },
  {
    id: "name-absolute",
    topic,
    title: "GET of another name, with an allowed one in Host",
    send: ({ web }) => [`GET http://${OTHER}/ HTTP/1.1\r\nHost: ${web}\r\n\r\n`],
    must: REFUSED,
    why,
    source: "https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2",
  },
  {
    id: "name-absolute-turned",
    topic,
    title: "GET of an allowed name, with another in Host: the server beyond must see the allowed one",
    send: ({ web }) => [`GET http://${web}/ HTTP/1.1\r\nHost: ${OTHER}\r\nConnection: close\r\n\r\n`],
    must: { answer: "either", beyondLacks: [/www\.example\.com/] },
    why: "A server with many sites answers for another one.",
    needs: ["web", "origin"],
  },
  {
    id: "name-origin-form",
    topic,
    title: "GET of a path, with another name in Host",
    send: () => [`GET / HTTP/1.1\r\nHost: ${OTHER}\r\n\r\n`],
    must: REFUSED,
    why,
  },
  {
    id: "name-web-userinfo",
    topic,
    title: "GET with an allowed name as the user of another",
    send: ({ web }) => [ask("GET", `http://${web}@${OTHER}/`)],
    must: REFUSED,
    why,
  },
  {
    id: "name-web-backslash",
    topic,
    title: "GET with a backslash between two names",
    send: ({ web }) => [`GET http://${OTHER}\\.${web}/ HTTP/1.1\r\nHost: ${web}\r\n\r\n`],
    must: { answer: "either", beyondLacks: [/^at (?!203\.0\.113\.50:80$)/m] },
    why,
    needs: ["origin"],
  },
];
