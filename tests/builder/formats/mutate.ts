import type { ByteSource } from "../../../appliance/disk/bytes.ts";

/** Bytes [start, end). */
export interface Span {
  start: number;
  end: number;
}

/** A change of a file, and where its bytes are not what they were. */
export interface Mutation {
  what: string;
  bytes: Buffer;
}

/** Numbers that are the same in each run: xorshift32. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/**
 * `count` changes of a file: three of four in its structures, the others anywhere. Bits are flipped, bytes set,
 * ranges wiped, doubled, taken out or exchanged, and the file is cut. Changes that change nothing are left out.
 */
export function* mutations(whole: Buffer, structures: readonly Span[], count: number): Generator<Mutation> {
  const pick = numbers(20_261_126);
  const place = (): number => {
    const span = structures[pick(structures.length)];
    if (span === undefined || pick(4) === 0) return pick(whole.length);
    return span.start + pick(span.end - span.start);
  };
  for (let made = 0, tried = 0; made < count; tried++) {
    if (tried > 50 * count) throw new Error("too few places to change");
    const kind = KINDS[tried % KINDS.length] ?? flip;
    const mutation = kind(whole, place, pick);
    if (mutation === undefined || mutation.bytes.equals(whole)) continue;
    made += 1;
    yield mutation;
  }
}

type Kind = (whole: Buffer, place: () => number, pick: (below: number) => number) => Mutation | undefined;

const flip: Kind = (whole, place, pick) => {
  const [at, bit] = [place(), pick(8)];
  return changed(whole, `bit ${bit} of byte ${at}`, (bytes) =>
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at),
  );
};

const set: Kind = (whole, place, pick) => {
  const [at, value] = [place(), [0, 0xff, 0x7f, 0x80][pick(4)] ?? 0];
  return changed(whole, `byte ${at} set to ${value}`, (bytes) => bytes.writeUInt8(value, at));
};

const wipe: Kind = (whole, place, pick) => {
  const at = place();
  const length = [2, 4, 8, 512, 4096][pick(5)] ?? 2;
  const value = pick(2) * 0xff;
  return changed(whole, `${length} bytes from ${at} set to ${value}`, (bytes) =>
    bytes.fill(value, at, Math.min(at + length, bytes.length)),
  );
};

/** Two pieces of the same size change places; whole entries of a table, too. */
const swap: Kind = (whole, place, pick) => {
  const length = [1, 2, 4, 8, 32, 512][pick(6)] ?? 1;
  const [first, second] = [place(), place()]
    .map((at) => Math.min(at - (at % length), whole.length - length))
    .sort((a, b) => a - b);
  if (first === undefined || second === undefined || second - first < length) return undefined;
  return changed(whole, `${length} bytes at ${first} and ${second} swapped`, (bytes) => {
    whole.copy(bytes, first, second, second + length);
    whole.copy(bytes, second, first, first + length);
  });
};

const cut: Kind = (whole, place) => {
  const at = place();
  return { what: `cut at ${at}`, bytes: whole.subarray(0, at) };
};

const remove: Kind = (whole, place, pick) => {
  const at = place();
  const length = [1, 512, 65536][pick(3)] ?? 1;
  return {
    what: `${length} bytes at ${at} taken out`,
    bytes: Buffer.concat([whole.subarray(0, at), whole.subarray(at + length)]),
  };
};

const double: Kind = (whole, place, pick) => {
  const at = place();
  const length = [1, 512, 1024 * 1024][pick(3)] ?? 1;
  const piece = whole.subarray(at, at + length);
  return {
    what: `${piece.length} bytes at ${at} doubled`,
    bytes: Buffer.concat([whole.subarray(0, at), piece, whole.subarray(at)]),
  };
};

/** Flips come twice in a round: they are what a bad cable or a bad disk does. */
const KINDS: readonly Kind[] = [flip, swap, set, cut, flip, wipe, remove, double];

function changed(whole: Buffer, what: string, change: (bytes: Buffer) => unknown): Mutation {
  const bytes = Buffer.from(whole);
  change(bytes);
  return { what, bytes };
}

/** A copy without the bytes in these spans. */
export function blanked(bytes: Buffer, spans: readonly Span[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { start, end } of spans) copy.fill(0, Math.min(start, copy.length), Math.min(end, copy.length));
  return copy;
}

/**
 * Bytes in memory as a file that watches its reader: one that goes round in circles or asks for more than the file
 * has is stopped by counting, never by a clock.
 */
export function watchedSource(bytes: Buffer): ByteSource {
  let left = 20 * bytes.length + 64 * 1024 * 1024;
  let reads = 100_000;
  return {
    size: bytes.length,
    async read(offset, length) {
      if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
        throw new Error(`a read of ${length} bytes at ${offset}`);
      }
      if (offset + length > bytes.length)
        throw new Error(`a read behind the end: ${length} bytes at ${offset}`);
      left -= length;
      reads -= 1;
      if (left < 0 || reads < 0) throw new Error("it reads without an end");
      return Buffer.from(bytes.subarray(offset, offset + length));
    },
  };
}
