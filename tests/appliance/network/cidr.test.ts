import test from "ava";
import fc from "fast-check";
import {
  type Address,
  addressText,
  BITS,
  type Family,
  parseAddress,
} from "../../../appliance/network/address.ts";
import {
  type Cidr,
  cardAddressText,
  cidrText,
  contains,
  lastOf,
  networkOf,
  overlaps,
  parseCardAddress,
  parseCidr,
} from "../../../appliance/network/cidr.ts";

const address: fc.Arbitrary<Address> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => ({ family: 4 as Family, value })),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map((value) => ({ family: 6 as Family, value })),
  // Runs of zero groups, where RFC 5952 has its rules.
  fc.array(fc.constantFrom(0, 0, 0, 1, 0xdb8, 0xffff), { minLength: 8, maxLength: 8 }).map((groups) => ({
    family: 6 as Family,
    value: groups.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n),
  })),
);
const cidr: fc.Arbitrary<Cidr> = address.chain((one) =>
  fc.integer({ min: 0, max: BITS[one.family] }).map((prefix) => networkOf({ address: one, prefix })),
);

const GOOD_ADDRESSES: [string, string][] = [
  ["10.20.0.5", "10.20.0.5"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["2001:DB8::0A", "2001:db8::a"],
  ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
  // RFC 5952 section 4.2.2: one zero group is not shortened; 4.2.3: the first of equal runs is.
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
  ["::192.0.2.1", "::c000:201"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
];
for (const [text, canonical] of GOOD_ADDRESSES) {
  test(`address ${text} is ${canonical}`, (t) => {
    const parsed = parseAddress(text);

    t.true(parsed.ok);
    t.is(parsed.ok ? addressText(parsed.value) : parsed.problem, canonical);
  });
}

const BAD_ADDRESSES = [
  ...["", " ", "10", "10.1", "10.1.2", "10.1.2.3.4", "10.1.2.256", "10.01.2.3", "010.1.2.3", "0x0a.1.2.3"],
  ...[
    "10.1.2.",
    ".1.2.3",
    "10..2.3",
    "1.2.3.-4",
    "1.2.3.4 ",
    "１.2.3.4",
    "167772161",
    "fe80::1%eth0",
    "[::1]",
  ],
  ...[
    ":",
    ":::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2::3",
    "12345::",
    "g::",
    ":1::2",
    "1:2:3:4:5:6:7:",
  ],
  ...["1:2:3:4:5:6:7::8", "::1.2.3", "1.2.3.4::", "::1.2.3.04", "1:2:3:4:5:6:7:1.2.3.4"],
];
for (const text of BAD_ADDRESSES) {
  test(`address "${text}" is refused`, (t) => t.false(parseAddress(text).ok));
}

const BAD_CIDRS: [string, RegExp][] = [
  ["10.20.0.5/16", /10\.20\.0\.0\/16 is the network meant, 10\.20\.0\.5\/32/],
  ["fd00::1/64", /fd00::\/64 is the network meant/],
  ["10.20.0.0 255.255.255.0.0", /netmask/],
  ["10.20.0.0 255.0.255.0", /netmask/],
  ["10.20.0.0", /10\.20\.0\.0\/24/],
  ["10.20.0.0/", /./],
  ["10.20.0.0/33", /\/0 to \/32/],
  ["fd00::/129", /\/0 to \/128/],
  ["10.20.0.0/016", /\/0 to \/32/],
  ["10.20.0.0/-1", /./],
  ["10.20.0.0/16/16", /./],
  ["10.20.0.0/1e1", /./],
];
for (const [text, problem] of BAD_CIDRS) {
  test(`CIDR "${text}" is refused with the reason`, (t) => {
    const parsed = parseCidr(text);

    t.false(parsed.ok);
    if (!parsed.ok) t.regex(parsed.problem, problem);
  });
}

const CARD_ADDRESSES: [string, string][] = [
  ["10.20.0.5/24", "10.20.0.5/24"],
  ["10.20.0.5 255.255.255.0", "10.20.0.5/24"],
  ["10.20.0.5/255.255.0.0", "10.20.0.5/16"],
  ["  10.20.0.5 / 24 ", "10.20.0.5/24"],
  ["10.20.0.5 255.255.255.255", "10.20.0.5/32"],
  ["10.20.0.5 0.0.0.0", "10.20.0.5/0"],
];
for (const [text, canonical] of CARD_ADDRESSES) {
  test(`card address "${text}"`, (t) => {
    const parsed = parseCardAddress(text);

    t.is(parsed.ok ? cardAddressText(parsed.value) : parsed.problem, canonical);
  });
}

test("the text of an address reads back as the same address", (t) => {
  fc.assert(
    fc.property(address, (one) => {
      t.deepEqual(parseAddress(addressText(one)), { ok: true, value: one });
    }),
  );
  t.pass();
});

test("the text of a network reads back, and its first and last address lie in it", (t) => {
  fc.assert(
    fc.property(cidr, (one) => {
      t.deepEqual(parseCidr(cidrText(one)), { ok: true, value: one });
      t.deepEqual(networkOf({ address: lastOf(one), prefix: one.prefix }), one);
    }),
  );
});

test("overlap is symmetric, and is containment one way or the other", (t) => {
  fc.assert(
    fc.property(cidr, cidr, (one, other) => {
      t.is(overlaps(one, other), overlaps(other, one));
      t.is(overlaps(one, other), contains(one, other) || contains(other, one));
      t.true(contains(one, one));
    }),
  );
});

test("a wider network around a network contains it; the network beside it does not overlap", (t) => {
  fc.assert(
    fc.property(
      cidr.filter((one) => one.prefix > 0),
      (one) => {
        const wider = networkOf({ address: one, prefix: one.prefix - 1 });
        const beside = { ...one, value: one.value ^ (1n << BigInt(BITS[one.family] - one.prefix)) };

        t.true(contains(wider, one));
        t.false(contains(one, wider));
        t.true(contains(wider, beside));
        t.false(overlaps(one, beside));
      },
    ),
  );
});

test("no text makes the parsers throw", (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:./% ]{0,24}$/)), (text) => {
      parseAddress(text);
      parseCidr(text);
    }),
  );
  t.pass();
});
