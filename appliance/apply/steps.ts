/** A step of applying, as it is told to whoever watches. */
export interface StepReport {
  title: string;
  state: "ok" | "warn" | "failed";
  /** What was seen, in words. */
  detail?: string;
  /** What to do about it. */
  next?: string;
}

export type Report = (step: StepReport) => void;
