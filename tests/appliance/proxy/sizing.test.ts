import test from "ava";
import fc from "fast-check";
import { DEMAND, sizeFor, workerTunnels } from "../../../appliance/proxy/sizing.ts";
import { DESCRIPTORS, MOST_WORKERS } from "../../../appliance/proxy/squidconf.ts";

for (const [descriptors, tunnels] of [
  [1024, 416],
  [20_000, 9623],
  [DESCRIPTORS, 31_680],
  [100, 0],
] as const) {
  test(`a worker with ${descriptors} descriptors takes ${tunnels} tunnels`, (t) =>
    t.is(workerTunnels(descriptors), tunnels));
}

for (const [endpoints, appliances, vcpus, memoryGb, diskGb] of [
  [0, 1, 2, 2, 16],
  [500, 1, 2, 2, 16],
  [10_000, 1, 2, 3, 63],
  [50_000, 2, 4, 6, 145],
] as const) {
  test(`${endpoints} machines`, (t) => {
    const { appliances: many, vcpus: cpus, memoryGb: memory, diskGb: disk } = sizeFor(endpoints);
    t.deepEqual([many, cpus, memory, disk], [appliances, vcpus, memoryGb, diskGb]);
  });
}

const demand = fc.record({
  tunnels: fc.integer({ min: 1, max: 64 }),
  setups: fc.integer({ min: 0, max: 600 }),
  logDays: fc.integer({ min: 1, max: 365 }),
});

test("what is planned for fits, on no more workers than were measured", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), demand, (endpoints, each) => {
      const { tunnels, room, vcpus } = sizeFor(endpoints, each);
      return tunnels === endpoints * each.tunnels && tunnels <= room && vcpus >= 2 && vcpus <= MOST_WORKERS;
    }),
  );
  t.pass();
});

test("more machines never need less in all", (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 500_000 }), fc.integer({ min: 0, max: 50_000 }), (some, more) => {
      const [small, large] = [sizeFor(some), sizeFor(some + more, DEMAND)];
      return large.appliances >= small.appliances && large.room >= small.room;
    }),
  );
  t.pass();
});
