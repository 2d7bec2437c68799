import type { ByteSource } from "../../appliance/disk/bytes.ts";

/**
 * A disk that is kept in pieces of one size.
 *
 * @param piece gives `count` bytes from `within` the piece with this number
 * @param isThere whether the piece with this number is kept at all; what is not is zero
 */
export function pieceDisk(
  size: number,
  pieceSize: number,
  piece: (index: number, within: number, count: number) => Promise<Buffer>,
  isThere: (index: number) => boolean = () => true,
): ByteSource {
  return {
    size,
    isHole(offset, length) {
      for (let index = Math.floor(offset / pieceSize); index * pieceSize < offset + length; index++)
        if (isThere(index)) return false;
      return true;
    },
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
