import { check, type Problem } from "../settings/problem.ts";
import { settingsSchema } from "../settings/schema.ts";
import { type Draft, settingsOf } from "./draft.ts";

/** What keeps the answers from being settings: questions that were left half answered, or two that disagree. */
export function problemsOf(draft: Draft): readonly Problem[] {
  return check(settingsSchema, settingsOf(draft)).problems;
}
