/** A picture that goes into a page. */
export interface Picture {
  width: number;
  height: number;
  /** `data:image/png;base64,...` */
  address: string;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** A text screen has some 10 KB. */
const MOST_BYTES = 1024 * 1024;

/** Size of a PNG, from the header that must come first (https://www.w3.org/TR/png-3/#11IHDR). @returns undefined for anything else */
export function pictureOf(bytes: Buffer): Picture | undefined {
  const isPng =
    bytes.subarray(0, 8).equals(SIGNATURE) && bytes.subarray(12, 16).toString("latin1") === "IHDR";
  if (!isPng || bytes.length < 33 || bytes.length > MOST_BYTES) return undefined;
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    address: `data:image/png;base64,${bytes.toString("base64")}`,
  };
}
