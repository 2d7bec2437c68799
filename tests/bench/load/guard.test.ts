import test from "ava";
import { assertBounded, assertOwn, MOST } from "../../../bench/load/guard.ts";

for (const [host, cards, isOwn] of [
  ["127.0.0.1", ["lo", "eth0"], true],
  ["127.9.8.7", ["lo", "eth0"], true],
  ["::1", ["lo", "eth0"], true],
  ["203.0.113.51", ["lo"], true],
  ["203.0.113.51", ["lo", "eth0"], false],
  ["localhost", ["eth0"], false],
  ["127.0.0.1.example.com", ["eth0"], false],
] as const) {
  test(`${host} is ${isOwn ? "" : "not "}ours with ${cards.join(" and ")}`, (t) => {
    const attempt = () => assertOwn(host, [...cards]);
    if (isOwn) t.notThrows(attempt);
    else t.throws(attempt, { code: "input.load" });
  });
}

for (const value of [0, -1, 1.5, Number.NaN, MOST.tunnels + 1]) {
  test(`${value} tunnels are not in bounds`, (t) => {
    t.throws(() => assertBounded("tunnels", value), { code: "input.load" });
  });
}

test("the bounds themselves are in bounds", (t) => {
  for (const what of ["tunnels", "concurrency", "seconds"] as const)
    t.notThrows(() => assertBounded(what, MOST[what]));
});
