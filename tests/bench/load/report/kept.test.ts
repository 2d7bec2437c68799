import test from "ava";
import { BUDGET } from "../../../../appliance/proxy/sizing.ts";
import { readResults } from "../../../../bench/load/store.ts";

test("what sizes are made with is no less than what was measured", (t) => {
  const runs = (readResults()?.held?.runs ?? []).filter(({ variant }) => variant === "postern");
  t.true(runs.length > 0);
  for (const { kbPerTunnel, slabKbPerSocket } of runs) {
    t.true(kbPerTunnel <= BUDGET.squidKb, `${kbPerTunnel} kB a tunnel`);
    t.true(2 * slabKbPerSocket <= BUDGET.kernelKb, `${slabKbPerSocket} kB a socket`);
  }
});
