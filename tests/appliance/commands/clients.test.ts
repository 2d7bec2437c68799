import test, { type ExecutionContext } from "ava";
import { run } from "../../../appliance/commands/clients.ts";
import { PosternError } from "../../../appliance/error.ts";
import { settingsText } from "../../../appliance/settings/text.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { tempFolder } from "../kit/temp.ts";
import { FULL, SMALLEST } from "../settings/fixtures.ts";

const CONFIRMED = "/var/lib/postern/confirmed.yaml";
const CARDS = [
  { name: "eth0", mac: "52:54:00:12:34:99", hasLink: true, address: "172.20.0.5/24" },
  { name: "eth1", mac: "52:54:00:12:34:56", hasLink: true, address: "10.20.0.5/24" },
];

interface Call {
  settings?: string;
  topic?: string;
  options?: Record<string, string>;
  cards?: typeof CARDS;
}

async function call(t: ExecutionContext, { settings, topic, options = {}, cards }: Call): Promise<string> {
  const root = tempFolder(t);
  const machine = makeMachine(root, cards);
  if (settings !== undefined) lay(root, CONFIRMED, settings);
  let printed = "";
  const print = (text: string) => {
    printed += `${text}\n`;
  };
  const values = new Map(Object.entries(options));
  const release = { version: "1.0.0", base: "debian-13" };
  const rest = topic === undefined ? [] : [topic];
  t.is(await run({ system: machine, release, print }, { flags: new Set(), values, rest }), 0);
  return printed;
}

test("without settings it is made for the address of now", async (t) => {
  t.regex(await call(t, {}), /The proxy is 10\.0\.2\.15:3128/);
  t.regex(await call(t, { settings: SMALLEST }), /The proxy is 10\.0\.2\.15:3128/);
});

test("of several cards the main one's address is taken, and the workspaces of the settings", async (t) => {
  const text = await call(t, { settings: settingsText(FULL), cards: CARDS });

  t.regex(text, /The proxy is 10\.20\.0\.5:3128/);
  t.regex(text, /contoso-corpsensorapi\.atp\.azure\.com/);
});

test("a topic shows that page alone", async (t) => {
  const text = await call(t, { topic: "linux", options: { address: "Proxy.Corp.Example" } });

  t.regex(text, /mdatp config proxy set --value http:\/\/proxy\.corp\.example:3128/);
  t.notRegex(text, /netsh/);
});

test("files for Windows have its line ends, all of them", async (t) => {
  for (const format of ["powershell", "reg"]) {
    const text = await call(t, { options: { format } });
    t.regex(text, /10\.0\.2\.15/);
    t.is(text.split("\r\n").length, text.split("\n").length);
    t.true(text.endsWith("\r\n") && !text.endsWith("\n\r\n") && !text.includes("\r\r"));
  }
});

test("json has the values, the tests and the pages", async (t) => {
  const data = JSON.parse(await call(t, { options: { format: "json" } }));

  t.is(data.proxy, "10.0.2.15:3128");
  t.is(data.registry[0].value, "10.0.2.15:3128");
  t.true(data.tests.length > 0 && data.pages.length > 5);
});

const WRONG: [string, Call, RegExp][] = [
  ["an unknown topic", { topic: "vms" }, /no topic vms; there are overview, sensor/],
  ["an unknown format", { options: { format: "xml" } }, /--format is one of text/],
  ["a topic with a file", { topic: "linux", options: { format: "reg" } }, /has no topics/],
  [
    "an address that is none",
    { options: { address: "10.20.0.5:3128" } },
    /--address is an IPv4 address or a name/,
  ],
  ["an IPv6 address", { options: { address: "fd00::5" } }, /--address is an IPv4 address or a name/],
  ["no address at all", { cards: [] }, /no IPv4 address now/],
];
for (const [title, how, message] of WRONG) {
  test(`refused: ${title}`, async (t) => {
    const error = await t.throwsAsync(call(t, how), { instanceOf: PosternError });

    t.regex(error?.message ?? "", message);
  });
}
