import { type ByteSource, partOf } from "../../../appliance/disk/bytes.ts";
import { type ContainerReading, RAW_UNIT } from "../format.ts";
import { FOOTER, footerProblems } from "./footer.ts";

/** Reads and checks a fixed VHD: whole MiB of disk, then a footer that says the same. */
export async function readVhd(file: ByteSource): Promise<ContainerReading> {
  const size = file.size - FOOTER;
  if (size < RAW_UNIT || size % RAW_UNIT !== 0) {
    return { problems: [`${file.size} bytes are not whole MiB and a footer of ${FOOTER} bytes`] };
  }
  const problems = footerProblems(await file.read(size, FOOTER), size);
  return { disk: partOf(file, 0, size), problems };
}
