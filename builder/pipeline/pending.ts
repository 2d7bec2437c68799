/** An upgrade that the archive has and the sealed tree has not. */
export interface PendingUpdate {
  name: string;
  installed: string;
  available: string;
  /** Its security pocket has a version newer than the installed one. */
  security: boolean;
}

/** What the archive has newer than a tree, sorted by name; an archive that was not asked, or did not answer, told nothing. */
export type PendingAnswer = readonly PendingUpdate[] | "not asked";
