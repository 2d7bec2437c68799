import type { TarFilter } from "../../tar/filter.ts";
import type { TarEntry } from "../../tar/members.ts";
import { droppedBy, SEAL_EDITS, SEAL_RULES } from "./rules.ts";

/** What the sealing did, and what it looked for afterwards. */
export interface SealReport {
  /** Entries that left, by rule. */
  dropped: Record<string, number>;
  entries: number;
  checks: { id: string; title: string; passed: boolean; found: string[] }[];
}

/** Texts that must stand nowhere in the sealed tree, by the check they belong to. */
export interface Needle {
  id: string;
  text: string;
}

/** Where a needle could hide; programs and libraries are as the archive shipped them. */
const SEARCHED = /^(etc|var|home|root|boot\/grub|usr\/lib\/postern|usr\/local)\//;
const LARGEST_SEARCHED = 4 * 1024 * 1024;
const MOST_FOUND = 20;

/**
 * The filter that seals a tree, and the report of it. The machine id of the build VM is learnt on the way
 * (`etc/machine-id` comes before `var` in a sorted tar) and looked for like the other needles.
 */
export function sealer(
  needles: readonly Needle[],
  epoch: number,
): { filter: TarFilter; report: () => SealReport } {
  const dropped: Record<string, number> = {};
  const found = new Map<string, string[]>();
  const wanted: Needle[] = [...needles];
  let entries = 0;
  const note = (id: string, path: string): void => {
    const list = found.get(id) ?? [];
    if (list.length < MOST_FOUND) found.set(id, [...list, path]);
  };

  function judge(entry: TarEntry): "keep" | "drop" | "read" {
    const rule = droppedBy(entry.path, entry.type === "directory");
    if (rule !== undefined) {
      dropped[rule] = (dropped[rule] ?? 0) + 1;
      return "drop";
    }
    entries++;
    if (entry.mtime > epoch) note("times", entry.path);
    if (entry.type !== "file") return "keep";
    if (SEAL_EDITS[entry.path] !== undefined) return "read";
    return SEARCHED.test(entry.path) && entry.size <= LARGEST_SEARCHED ? "read" : "keep";
  }

  function read(entry: TarEntry, content: Buffer): Buffer {
    if (entry.path === "etc/machine-id") {
      const id = content.toString("utf8").trim();
      if (/^[0-9a-f]{32}$/.test(id)) wanted.push({ id: "machine-id", text: id });
    }
    const edit = SEAL_EDITS[entry.path];
    const sealed = edit === undefined ? content : Buffer.from(edit(content.toString("utf8")));
    for (const { id, text } of wanted) if (sealed.includes(text)) note(id, entry.path);
    return sealed;
  }

  function report(): SealReport {
    const rules = [
      ...SEAL_RULES,
      { id: "logs", title: "logs" },
      { id: "times", title: "times after the epoch" },
    ];
    const checks = rules.map(({ id, title }) => {
      const list = found.get(id) ?? [];
      return { id, title, passed: list.length === 0, found: list };
    });
    return { dropped, entries, checks };
  }

  return { filter: { judge, read }, report };
}
