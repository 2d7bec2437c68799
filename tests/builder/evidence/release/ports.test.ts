import test from "ava";
import { outgoing } from "../../../../appliance/firewall/outgoing.ts";
import { DEFAULTS } from "../../../../appliance/settings/defaults.ts";
import { openWays } from "../../../../builder/evidence/release/ports.ts";

test("in: the proxy for clients, SSH for administrators, and nothing else", (t) => {
  t.deepEqual(
    openWays().in.map(({ port, from }) => [port, from]),
    [
      [3128, "each client network"],
      [22, "each administrator's network"],
    ],
  );
});

test("out: every rule of the appliance is in a line, in its order, and no line says more", (t) => {
  const rules = outgoing({ settings: { schema: 1, clients: [], ...DEFAULTS }, isMirrored: false });
  const lines = openWays().out;
  t.deepEqual([...new Set(rules.map(({ why }) => why))], [...new Set(lines.map(({ why }) => why))]);
  for (const { to, why, verdict } of rules) {
    const line = lines.find((one) => one.why === why && one.to.split(", ").includes(to ?? "anywhere"));
    t.is(line?.verdict, verdict, `${why} to ${to}`);
  }
  const told = lines.flatMap(({ to }) => to.split(", "));
  t.true(told.every((to) => rules.some((rule) => (rule.to ?? "anywhere") === to)));
});

test("out: the proxy is kept from inner addresses before it may go anywhere", (t) => {
  const proxy = openWays().out.filter(({ who }) => who === "proxy");
  t.deepEqual(
    proxy.map(({ verdict, what }) => [verdict, what]),
    [
      ["refuse", "anything"],
      ["accept", "TCP 80, 443"],
    ],
  );
  t.regex(proxy[0]?.to ?? "", /10\.0\.0\.0\/8/);
  t.false(
    proxy.some(({ atFirst }) => atFirst),
    "before the first settings the proxy reaches nothing",
  );
});
