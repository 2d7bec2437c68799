import { type ByteSource, partOf } from "../../../appliance/disk/bytes.ts";
import { check } from "../check.ts";
import { type ContainerReading, containerReading, LARGEST_DISK, RAW_UNIT } from "../format.ts";
import { FOOTER, footerProblems } from "./footer.ts";

/** Reads and checks a fixed VHD: whole MiB of disk, then a footer that says the same. */
export async function readVhd(file: ByteSource): Promise<ContainerReading> {
  const size = file.size - FOOTER;
  if (size < RAW_UNIT || size % RAW_UNIT !== 0 || size > LARGEST_DISK) {
    const problem = `${file.size} bytes are not whole MiB and a footer of ${FOOTER} bytes`;
    return containerReading([check("VHD: size", [problem])]);
  }
  const footer = await file.read(size, FOOTER);
  const checks = [
    check("VHD: size", []),
    check("VHD: footer and its checksum", footerProblems(footer, size)),
  ];
  return containerReading(checks, partOf(file, 0, size));
}
