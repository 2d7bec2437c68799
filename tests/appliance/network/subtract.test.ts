import test from "ava";
import fc from "fast-check";
import { BITS } from "../../../appliance/network/address.ts";
import { type Cidr, cidrText, containsAddress, lastOf, overlaps } from "../../../appliance/network/cidr.ts";
import { known } from "../../../appliance/network/special.ts";
import { subtract } from "../../../appliance/network/subtract.ts";

const TABLE: [string, string[], string[], string[]][] = [
  ["nothing to cut", ["10.0.0.0/8"], [], ["10.0.0.0/8"]],
  ["elsewhere", ["10.0.0.0/8"], ["192.168.0.0/16", "fd00::/8"], ["10.0.0.0/8"]],
  ["the whole", ["10.0.0.0/8", "127.0.0.0/8"], ["10.0.0.0/8"], ["127.0.0.0/8"]],
  ["a wider hole", ["10.1.0.0/16"], ["10.0.0.0/8"], []],
  ["one half", ["10.0.0.0/8"], ["10.128.0.0/9"], ["10.0.0.0/9"]],
  ["a part", ["10.0.0.0/8"], ["10.64.0.0/10"], ["10.0.0.0/10", "10.128.0.0/9"]],
];
for (const [title, networks, holes, left] of TABLE) {
  test(`cut out: ${title}`, (t) => {
    t.deepEqual(subtract(networks.map(known), holes.map(known)).map(cidrText), left);
  });
}

const FAMILIES = { 4: 10n << 24n, 6: 0xfdn << 120n } as const;
const anyCidr = fc
  .record({
    family: fc.constantFrom(4 as const, 6 as const),
    bits: fc.bigInt({ min: 0n, max: 255n }),
    prefix: fc.integer({ min: 8, max: 16 }),
  })
  .map(({ family, bits, prefix }): Cidr => {
    const shift = BigInt(BITS[family] - prefix);
    const value = FAMILIES[family] | (bits << BigInt(BITS[family] - 16));
    return { family, value: (value >> shift) << shift, prefix };
  });

test("what is left is in none of the holes, overlaps nothing, and loses nothing else", (t) => {
  fc.assert(
    fc.property(anyCidr, fc.array(anyCidr, { maxLength: 4 }), anyCidr, (network, holes, probe) => {
      const left = subtract([network], holes);
      for (const address of [probe, lastOf(probe)]) {
        const meant =
          containsAddress(network, address) && !holes.some((hole) => containsAddress(hole, address));
        t.is(
          left.some((one) => containsAddress(one, address)),
          meant,
        );
      }
      t.false(left.some((one, index) => left.slice(index + 1).some((other) => overlaps(one, other))));
    }),
    { numRuns: 1000 },
  );
});
