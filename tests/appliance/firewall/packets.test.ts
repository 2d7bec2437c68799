import type { ExecutionContext } from "ava";
import { afterRules } from "../../../appliance/firewall/after.ts";
import { type Outgoing, outgoing } from "../../../appliance/firewall/outgoing.ts";
import { parseSettings } from "../../../appliance/settings/parse.ts";
import { FACTS, UIDS } from "../kit/facts.ts";
import { openRoom, ROOM_TOOLS, type Room } from "../kit/room/room.ts";
import type { Outcome } from "../kit/room/tries.ts";
import { testWith } from "../kit/tools.ts";
import {
  ALWAYS,
  BY_LEASE,
  BY_NAME,
  type Case,
  DIRECT,
  DIRECT_TEXT,
  LEASE_TEXT,
  NAME_TEXT,
  NEVER_AT_FIRST,
} from "./cases.ts";

const inRoom = testWith(ROOM_TOOLS, { root: true });
const ACCOUNTS: Record<string, number> = { ...UIDS, nobody: 65534 };

/** Every packet as the account that would send it, each account once. */
async function outcomes(room: Room, cases: readonly Case[]): Promise<Outcome[]> {
  const found = new Map<Case, Outcome>();
  for (const who of new Set(cases.map((one) => one.who))) {
    const own = cases.filter((one) => one.who === who);
    const seen = await room.attempt(
      ACCOUNTS[who] ?? Number.NaN,
      own.map(({ attempt }) => attempt),
    );
    for (const [index, one] of own.entries()) found.set(one, seen[index] ?? "lost");
  }
  return cases.map((one) => found.get(one) ?? "lost");
}

async function judge(t: ExecutionContext, room: Room, cases: readonly Case[]): Promise<void> {
  const seen = await outcomes(room, cases);
  const words = ({ who, attempt, why }: Case, outcome: Outcome) =>
    `${who} ${attempt.protocol} ${attempt.to} ${attempt.port ?? ""} (${why}): ${outcome}`;
  t.deepEqual(
    cases.map((one, index) => words(one, seen[index] ?? "lost")),
    cases.map((one) => words(one, one.expected)),
  );
}

function rulesOf(text: string): Outgoing[] {
  return outgoing({ settings: parseSettings(text, "settings.yaml"), isMirrored: true });
}

/** As posternctl loads them into a firewall that is on. */
async function load(
  room: Room,
  rules: readonly Outgoing[],
  families: readonly (4 | 6)[] = [4, 6],
): Promise<void> {
  for (const family of families) {
    const [name, command] =
      family === 4 ? ["after.rules", "iptables-restore"] : ["after6.rules", "ip6tables-restore"];
    await room.run(
      command ?? "",
      "-n",
      await room.lay(name ?? "", afterRules(rules, family, FACTS.accounts)),
    );
  }
}

inRoom("before there are settings, the image's own rules let out what a first start needs", async (t) => {
  t.timeout(180_000);
  const room = await openRoom(t);
  const all = [...ALWAYS, ...NEVER_AT_FIRST];
  t.deepEqual(
    (await outcomes(room, all)).filter((outcome) => outcome !== "answered"),
    [],
    "without a firewall everything gets out and is answered",
  );

  await room.run("ufw", "--force", "enable");

  t.regex(await room.run("ufw", "status", "verbose"), /^Default: deny \(incoming\), deny \(outgoing\)/m);
  await judge(t, room, all);
});

for (const [title, text, cases] of [
  ["with addresses for everything", DIRECT_TEXT, DIRECT],
  ["with a lease", LEASE_TEXT, BY_LEASE],
  ["with names, behind another proxy", NAME_TEXT, BY_NAME],
] as const) {
  inRoom(`${title}, each account reaches what it asks for and nothing else`, async (t) => {
    t.timeout(180_000);
    const room = await openRoom(t);
    await room.run("ufw", "--force", "enable");

    await load(room, rulesOf(text));

    await judge(t, room, cases);
    // A start, or somebody who runs ufw, brings the same.
    await room.run("ufw", "reload");
    await judge(t, room, cases);
  });
}

/**
 * What packets cannot prove: the kernel itself sends no connection there, or never by a card, or nobody in the room
 * can answer from there, as no router leads to it.
 */
const NO_ANSWER = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "224.0.0.0/4",
  "::/96",
  "::/128",
  "::1/128",
  "ff00::/8",
  "fe80::/10",
  "fec0::/10",
];
/** Refusals without which nothing changed so far, and those without which something did. */
const idle = new Set<string>();
const needed = new Set<string>();

for (const [title, text, cases] of [
  ["addresses for everything", DIRECT_TEXT, DIRECT],
  ["a lease", LEASE_TEXT, BY_LEASE],
  ["names, behind another proxy", NAME_TEXT, BY_NAME],
] as const) {
  inRoom(`each rule is needed: without it something changes (${title})`, async (t) => {
    t.timeout(500_000);
    const room = await openRoom(t);
    await room.run("ufw", "--force", "enable");
    const rules = rulesOf(text);
    for (const rule of rules) {
      const { who, to = "", verdict } = rule;
      const isRefusal = verdict === "refuse";
      const name = `${who ?? "everybody"} ${to}`;
      if (isRefusal && (NO_ANSWER.includes(to) || needed.has(name))) continue;
      await load(
        room,
        rules.filter((one) => one !== rule),
      );
      const concerned = cases.filter(
        (one) => (one.expected === "refused") === isRefusal && isOf(rule, one.who),
      );
      const seen = await outcomes(room, concerned);
      const isNeeded = seen.some((outcome) => outcome === (isRefusal ? "answered" : "refused"));
      if (isRefusal) (isNeeded ? needed : idle).add(name);
      else t.true(isNeeded, JSON.stringify(rule));
    }
  });
}

inRoom("each refusal is needed under some settings", (t) => {
  t.true(needed.size > 0);
  t.deepEqual(
    [...idle].filter((name) => !needed.has(name)),
    [],
  );
});

const NAMES: Record<string, string> = {
  root: "root",
  syslog: "root",
  network: "systemd-network",
  resolver: "systemd-resolve",
  clock: "_chrony",
  proxy: "proxy",
  updates: "_apt",
};

function isOf({ who }: Outgoing, name: string): boolean {
  return who === undefined ? name === "proxy" || name === "_apt" : NAMES[who] === name;
}
