import type { ByteSource } from "../../appliance/disk/bytes.ts";

/**
 * A disk that is kept in pieces of one size.
 *
 * @param piece gives `count` bytes from `within` the piece with this number
 */
export function pieceDisk(
  size: number,
  pieceSize: number,
  piece: (index: number, within: number, count: number) => Promise<Buffer>,
): ByteSource {
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || offset + length > size) throw new RangeError("read past the end of the disk");
      const found: Buffer[] = [];
      for (let at = offset; at < offset + length; ) {
        const within = at % pieceSize;
        const count = Math.min(pieceSize - within, offset + length - at);
        found.push(await piece(Math.floor(at / pieceSize), within, count));
        at += count;
      }
      return Buffer.concat(found);
    },
  };
}
