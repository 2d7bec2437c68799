import { readFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { apply } from "../../../appliance/apply/apply.ts";
import { takeCard } from "../../../appliance/apply/card.ts";
import { fitCards } from "../../../appliance/apply/fit.ts";
import { history } from "../../../appliance/apply/history.ts";
import type { StepReport } from "../../../appliance/apply/steps.ts";
import type { AdditionalCard, Network } from "../../../appliance/settings/settings.ts";
import { lay, makeMachine } from "../kit/machine.ts";
import { requestOf } from "../kit/request.ts";
import { tempFolder } from "../kit/temp.ts";

const [ONE, TWO, GONE] = ["52:54:00:00:00:01", "52:54:00:00:00:02", "52:54:00:00:00:03"] as const;

function networkOf(mac: string | undefined, additional: readonly AdditionalCard[] = []): Network {
  const rest = { dns: [], search: [], ipv6: { mode: "off" }, routes: [], additional } as const;
  return { mode: "dhcp", ...rest, ...(mac === undefined ? {} : { mac }) };
}

function fitOn(t: ExecutionContext, macs: readonly string[], network: Network) {
  const cards = macs.map((mac, index) => ({ name: `eth${index}`, mac }));
  return fitCards(makeMachine(tempFolder(t), cards), { network });
}

test("cards that are all there need no word", async (t) => {
  const network = networkOf(ONE, [{ mac: TWO, routes: [] }]);

  t.deepEqual(await fitOn(t, [ONE, TWO], network), { warnings: [] });
  t.deepEqual(await fitOn(t, [ONE, TWO], networkOf(undefined)), { warnings: [] });
});

test("the only card takes the place of one that is gone, and that is said", async (t) => {
  const { adopted, warnings } = await fitOn(t, [ONE], networkOf(GONE));

  t.is(adopted, ONE);
  t.is(warnings.length, 1);
  t.like(warnings[0], { state: "warn" });
  t.regex(warnings[0]?.detail ?? "", new RegExp(`No card has ${GONE}; the only one, ${ONE} \\(eth0\\)`));
});

test("two halves of one accelerated card are one card", async (t) => {
  t.is((await fitOn(t, [ONE, ONE], networkOf(GONE))).adopted, ONE);
});

test("nobody guesses between two cards", async (t) => {
  const message = new RegExp(`no card has ${GONE}; this machine has ${ONE} \\(eth0\\), ${TWO} \\(eth1\\)`);

  await t.throwsAsync(fitOn(t, [ONE, TWO], networkOf(GONE)), { code: "input.settings", message });
});

test("a card of another network does not take the main one's place", async (t) => {
  const network = networkOf(GONE, [{ mac: ONE, routes: [] }]);

  await t.throwsAsync(fitOn(t, [ONE], network), { code: "input.settings" });
});

test("a further card that is gone is no reason to stop", async (t) => {
  const { adopted, warnings } = await fitOn(t, [ONE], networkOf(ONE, [{ mac: GONE, routes: [] }]));

  t.is(adopted, undefined);
  t.regex(warnings[0]?.detail ?? "", new RegExp(GONE));
});

test("applying tells of the card and matches it", async (t) => {
  const machine = makeMachine(tempFolder(t));
  const steps: StepReport[] = [];
  const text = `schema: 1\nclients: [{ cidr: 10.20.0.0/16 }]\nnetwork: { mac: "${GONE}" }\n`;

  await apply(machine, requestOf(text), (step) => steps.push(step));

  t.is(steps.find(({ state }) => state === "warn")?.title, "Network card");
  const netplan = readFileSync(machine.paths.at("/etc/netplan/60-postern.yaml"), "utf8");
  t.regex(netplan, /macaddress: "?52:54:00:12:34:56/);
});

test("at boot the card that was put in takes over, and the history stays as it is", async (t) => {
  const root = tempFolder(t);
  const machine = makeMachine(root, [{ name: "eth0", mac: GONE }]);
  const text = `schema: 1\nclients: [{ cidr: 10.20.0.0/16 }]\nnetwork: { mac: "${GONE}" }\n`;
  await apply(machine, requestOf(text), () => {});
  lay(root, "/sys/class/net/eth0/address", `${ONE}\n`);
  const steps: StepReport[] = [];

  await takeCard(machine, (step) => steps.push(step));

  t.true(steps.some(({ title, state }) => title === "Network card" && state === "warn"));
  t.regex(readFileSync(machine.paths.at("/etc/netplan/60-postern.yaml"), "utf8"), new RegExp(ONE));
  t.is((await history(machine)).length, 1);

  lay(root, "/etc/postern/settings.yaml", `${text}# an edit\n`);
  lay(root, "/sys/class/net/eth0/address", `${TWO}\n`);
  await takeCard(machine, () => {});
  t.regex(readFileSync(machine.paths.settings, "utf8"), /an edit/);
});
