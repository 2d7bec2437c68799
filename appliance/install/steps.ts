/** The steps of an installation, in order. */
export const STEPS = [
  { id: "erase", title: "Erase what was there" },
  { id: "partition", title: "Write the partition table" },
  { id: "format", title: "Make the file systems" },
  { id: "copy", title: "Copy the system" },
  { id: "texts", title: "Write this machine's own files" },
  { id: "verify", title: "Read everything back and compare" },
  { id: "boot", title: "Write the boot loaders" },
  { id: "firmware", title: "Tell the firmware" },
] as const;

export type StepId = (typeof STEPS)[number]["id"];
