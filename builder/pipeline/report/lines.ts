import { plainText, secondsText } from "../../host/text.ts";
import type { BuildEvent, Reporter } from "./events.ts";

/** For logs: one line where something starts or ends, nothing that moves. */
export function linesReporter(write: (text: string) => void): Reporter {
  return {
    emit(event) {
      const line = lineOf(event);
      if (line !== undefined) write(`${line}\n`);
    },
    close: () => undefined,
  };
}

/** An event as a line, or undefined where it is worth none. */
export function lineOf(event: BuildEvent): string | undefined {
  switch (event.event) {
    case "start":
      return `postern ${event.version} on ${event.base}: ${event.toRun} of ${event.stages} stages to run`;
    case "stage-start":
      return `${event.stage}: start: ${event.title}`;
    case "stage-end":
      return stageEndLine(event);
    case "step-start":
      return `${event.stage}: ${plainText(event.title)}`;
    case "step-end":
      return `${event.stage}: ${plainText(event.title)}: ${event.ok ? "done" : "FAILED"}, ${secondsText(event.seconds)}`;
    case "note":
      return event.stage === null ? plainText(event.text) : `${event.stage}: ${plainText(event.text)}`;
    case "damaged":
      return `${event.stage}: its cache entry is damaged (${event.problem}): moved away, built again`;
    case "waiting":
      return `${event.stage}: waiting for ${event.holder}, which makes it`;
    case "kept":
      return `${event.stage}: its files are kept in ${event.folder}`;
    // Artifacts, errors and the end are told by the command, in more words than one line.
    default:
      return undefined;
  }
}

export function stageEndLine({
  stage,
  outcome,
  seconds,
}: Extract<BuildEvent, { event: "stage-end" }>): string {
  switch (outcome) {
    case "built":
      return `${stage}: built, ${secondsText(seconds)}`;
    case "cached":
      return `${stage}: cached`;
    case "failed":
      return `${stage}: FAILED after ${secondsText(seconds)}`;
    case "not run":
      return `${stage}: not run`;
  }
}
