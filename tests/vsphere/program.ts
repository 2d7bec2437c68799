import { join } from "node:path";
import { type GoTool, goWhenAsked, makeGoTool } from "../kit/gotool.ts";

export { LONGEST_BUILD } from "../kit/gotool.ts";

/** Set to 1, the tests run: Go takes two minutes of processor time to make the program once, and fetches its modules. */
const WANTED = "POSTERN_VSPHERE_IMPORT";

const KIT: GoTool = {
  name: "vsphere-kit",
  folder: join(import.meta.dirname, "kit"),
  sources: ["main.go", "sata.go", "simulate.go", "go.mod", "go.sum"],
  target: ".",
};

/** Why the program of `kit/` is not to be had here, or where Go is. */
export function kitOrReason(): Promise<{ go: string } | { reason: string }> {
  return goWhenAsked(WANTED, KIT);
}

export function makeKit(go: string): Promise<string> {
  return makeGoTool(go, KIT);
}
