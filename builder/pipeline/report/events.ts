import type { ErrorCode } from "../../error.ts";

/** Everything a build has to say while it works. `--json` prints these, one a line; docs/cli.md lists them. */
export type BuildEvent =
  | { event: "start"; base: string; version: string; stages: number; toRun: number }
  | { event: "stage-start"; stage: string; title: string }
  | {
      event: "stage-end";
      stage: string;
      outcome: StageOutcome;
      /** Wall seconds now; of a cached stage the seconds that making it once took. */
      seconds: number;
    }
  | { event: "step-start"; stage: string; step: number; parent: number | null; title: string }
  | { event: "step-end"; stage: string; step: number; title: string; ok: boolean; seconds: number }
  | {
      event: "bar";
      stage: string;
      step: number | null;
      done: number;
      total: number;
      unit: "bytes" | "items";
    }
  | { event: "note"; stage: string | null; text: string }
  /** A cache entry is not what it was; it was moved away and is built again. */
  | { event: "damaged"; stage: string; problem: string }
  /** Another build makes the same entry. */
  | { event: "waiting"; stage: string; holder: string }
  /** `--debug` kept the files of a failed stage. */
  | { event: "kept"; stage: string; folder: string }
  | { event: "artifact"; file: string; size: number; sha256: string; fresh: boolean }
  | { event: "error"; stage: string | null; code: ErrorCode | "bug"; message: string; hint: string }
  | { event: "end"; ok: boolean; seconds: number };

export type StageOutcome = "built" | "cached" | "failed" | "not run";

/** Shows events. */
export interface Reporter {
  emit(event: BuildEvent): void;
  /** Takes away what is only for the moment (a live area). */
  close(): void;
}
