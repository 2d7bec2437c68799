/** What Azure asks of the last 512 bytes, written from the VHD specification and from no code of ours. */
export function isFixedVhd(footer: Buffer, blobSize: number): boolean {
  if (footer.length !== 512 || footer.subarray(0, 8).toString("latin1") !== "conectix") return false;
  const sum = footer.reduce((total, byte, at) => (at >= 64 && at < 68 ? total : total + byte), 0);
  const isSum = footer.readUInt32BE(64) === (~sum & 0xffffffff) >>> 0;
  const size = Number(footer.readBigUInt64BE(48));
  return isSum && footer.readUInt32BE(60) === 2 && size + 512 === blobSize && size % 2 ** 20 === 0;
}
