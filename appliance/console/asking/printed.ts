import { CLEAR, type TerminalOutput } from "../terminal/terminal.ts";
import { cut, wrap } from "../terminal/width.ts";
import { BOLD, OFF } from "./frame.ts";

/** A page that lines are printed on, one after the other; where they do not all fit, the last ones stay. */
export interface PrintedPage {
  begin(title: string): void;
  /** One line, or several with line feeds between. */
  print(line: string): void;
}

export function printedPage(output: TerminalOutput, header: string): PrintedPage {
  let title = "";
  let lines: string[] = [];

  function draw(): void {
    const top = [cut(header, output.columns - 1), "", `${BOLD}${cut(title, output.columns - 1)}${OFF}`];
    const room = output.rows - 1 - top.length;
    const shown = lines.length > room ? ["...", ...lines.slice(lines.length - room + 1)] : lines;
    output.write(`${CLEAR}${[...top, ...shown].join("\n")}\n`);
  }

  return {
    begin(text) {
      title = text;
      lines = [];
      output.painter = draw;
      draw();
    },
    print(line) {
      const more = line.split("\n").flatMap((part) => wrap(part, output.columns - 1));
      lines.push(...more);
      if (lines.length > output.rows - 4) draw();
      else output.write(more.map((part) => `${part}\n`).join(""));
    },
  };
}
