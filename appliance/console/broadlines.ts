import type { System } from "../system/system.ts";
import type { Draft } from "./draft.ts";

/** More than these no screen has room for; applying names them all. */
const MOST = 3;

/** What the names that other tenants control open: nobody should put them in force without having read it. */
export async function broadLines({ defender, workspaces }: Draft, { paths }: System): Promise<string[]> {
  if (defender.broad.length === 0) return [];
  // The catalogue is large: it is loaded when it is needed.
  const [{ broadNames }, { catalogueInUse }, { words }] = await Promise.all([
    import("../apply/broad.ts"),
    import("../endpoints/installed.ts"),
    import("./draft.ts"),
  ]);
  const { catalogue } = await catalogueInUse(paths);
  const { warnings, unknown } = broadNames({ ...defender, workspaces: words(workspaces) }, catalogue);
  const lines = [
    ...unknown.map((name) => `Broad name ${name}: the catalogue has no such name.`),
    ...warnings.map(({ title, detail }) => `${title}: ${detail}`),
  ];
  return [...lines.slice(0, MOST), ...(lines.length > MOST ? [`and ${lines.length - MOST} more`] : [])];
}
