import type { Asker } from "../asking/asker.ts";

/** A list that is typed one line after the other. */
export interface ListQuestion<T> {
  /** While there is nothing in it, and afterwards. */
  titles: readonly [string, string];
  /** An explanation and an example. */
  lines(items: readonly T[]): readonly string[];
  items: readonly T[];
  /** The items that a line adds, or what was expected. */
  read(line: string): readonly T[] | { problem: string };
  /** What is wrong with the list as a whole, if anything. */
  check?(items: readonly T[]): string | undefined;
  show(item: T): string;
  /** Said below while a line is typed. */
  note?(added: readonly T[]): string;
  /** Why an empty list is not enough, where it is not. */
  needed?: string;
  /** Above the items. */
  heading: string;
  typed?: string;
}

export type ListAnswer<T> = { way: "next" | "back" | "gone"; items: readonly T[]; typed: string };

/** What one typed line means for a list. */
type Change<T> = { items: readonly T[]; note: string } | { problem: string };

/** Asks for lines until an empty one: each adds to the list, `-1` takes the first out. */
export async function askList<T>(asker: Asker, question: ListQuestion<T>): Promise<ListAnswer<T>> {
  let { items, typed = "" } = question;
  for (;;) {
    const shown = items;
    const answer = await asker.text({
      title: question.titles[items.length === 0 ? 0 : 1],
      lines: () => [...listed(question, shown), ...question.lines(shown)],
      initial: typed,
      look: (text) => {
        const line = text.trim();
        if (line === "")
          return shown.length === 0 && question.needed !== undefined ? { problem: question.needed } : {};
        return changeBy(line, shown, question);
      },
    });
    if (answer.kind === "gone") return { way: "gone", items, typed: "" };
    if (answer.kind === "back") return { way: "back", items, typed: answer.typed.trim() };
    const line = answer.value.trim();
    if (line === "") return { way: "next", items, typed: "" };
    const change = changeBy(line, items, question);
    typed = "problem" in change ? line : "";
    if ("items" in change) items = change.items;
  }
}

function changeBy<T>(line: string, items: readonly T[], question: ListQuestion<T>): Change<T> {
  const removal = /^-(\d+)$/.exec(line)?.[1];
  if (removal !== undefined) {
    const removed = items[Number(removal) - 1];
    if (removed === undefined)
      return { problem: items.length === 0 ? "a new line" : `-1 to -${items.length}` };
    return { items: items.filter((item) => item !== removed), note: `takes out ${question.show(removed)}` };
  }
  const more = question.read(line);
  if ("problem" in more) return more;
  const all = [...items, ...more];
  const problem = question.check?.(all);
  return problem === undefined ? { items: all, note: question.note?.(more) ?? "" } : { problem };
}

function listed<T>({ heading, show }: ListQuestion<T>, items: readonly T[]): string[] {
  if (items.length === 0) return [];
  return [
    `${heading} (-1 takes out the first):`,
    ...items.map((item, index) => `${index + 1}. ${show(item)}`),
    "",
  ];
}
