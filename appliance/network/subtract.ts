import { BITS } from "./address.ts";
import { type Cidr, contains } from "./cidr.ts";

/** The networks that remain of `networks` when `holes` are cut out of them; no two of them overlap. */
export function subtract(networks: readonly Cidr[], holes: readonly Cidr[]): Cidr[] {
  return holes.reduce<Cidr[]>(
    (left, hole) => left.flatMap((network) => without(network, hole)),
    [...networks],
  );
}

function without(network: Cidr, hole: Cidr): Cidr[] {
  if (contains(hole, network)) return [];
  if (!contains(network, hole)) return [network];
  return halves(network).flatMap((half) => without(half, hole));
}

function halves({ family, value, prefix }: Cidr): Cidr[] {
  const half = 1n << BigInt(BITS[family] - prefix - 1);
  return [value, value + half].map((start) => ({ family, value: start, prefix: prefix + 1 }));
}
