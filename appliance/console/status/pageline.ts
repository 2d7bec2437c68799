/** Sizes are in characters. */
export interface PageOptions {
  columns: number;
  rows: number;
  /** The machine's own console logs in; a session can be left. */
  isConsole: boolean;
  /** Without keys it is only to be read. */
  hasKeys?: boolean;
  /** What came of the last key, in words. */
  said?: string;
}

/** One line of a page. The higher its rank, the sooner it goes when there is no room. */
export interface PageLine {
  text: string;
  rank: number;
}
