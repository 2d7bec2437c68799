/** How a stage tells what it is doing. The reporter decides how it looks: terminal, lines or JSON. */
export interface Progress {
  /** A nested step with its own elapsed time. */
  step<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T>;
  /** Where there is a total: `done` of `total`, in bytes or in things. */
  bar(done: number, total: number, unit: "bytes" | "items"): void;
  /** One line worth telling. */
  note(text: string): void;
}
