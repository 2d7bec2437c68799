/** One posternctl command, as its help shows it. The code of each is loaded only when it runs. */
export interface Command {
  name: string;
  arguments: string;
  summary: string;
  details: string;
  /** Reads or writes what only root may. */
  root: boolean;
}

export const COMMANDS = [
  {
    name: "setup",
    arguments: "[--plain]",
    summary: "ask for the settings on this terminal, or show the status",
    details: `On a machine that is not configured it asks for everything that is needed, shows it once more and
puts it in force. On a configured one it shows the status screen, where r changes the settings.

  --plain   questions as plain lines, for terminals that cannot move the cursor and for screen readers`,
    root: true,
  },
  {
    name: "apply",
    arguments: "[FILE]",
    summary: "put the settings in force",
    details: `Checks FILE (by default /etc/postern/settings.yaml), lets every program check what is made from it,
swaps all files at once, and looks whether the machine works. Applied twice, nothing happens the
second time. When something fails the previous settings are in force again.

  posternctl apply
  posternctl apply /root/settings.yaml`,
    root: true,
  },
  {
    name: "status",
    arguments: "[--json]",
    summary: "show addresses, clients, the proxy and the last refused requests",
    details: "  --json   one JSON object",
    root: true,
  },
  {
    name: "check",
    arguments: "[--json]",
    summary: "look whether everything works; exit code 1 when something fails",
    details: "  --json   one JSON array",
    root: true,
  },
  {
    name: "recover",
    arguments: "",
    summary: "finish or undo a change that a power cut interrupted; runs by itself at boot",
    details: "Without an interrupted change it does nothing.",
    root: true,
  },
  { name: "version", arguments: "", summary: "print the version", details: "", root: false },
] as const satisfies readonly Command[];

export type CommandName = (typeof COMMANDS)[number]["name"];

const EXIT_CODES_TEXT = `Exit codes: 0 done; 1 a check failed; 2 wrong settings or arguments; 3 this machine (a program or the disk);
4 in force, but a check of the network or the proxy failed; 130 ended by Ctrl-C.
`;

export function helpText(): string {
  const lines = COMMANDS.map(
    ({ name, arguments: args, summary }) => `  ${`${name} ${args}`.padEnd(18)} ${summary}`,
  );
  return `posternctl: the settings and the state of this appliance

${lines.join("\n")}

posternctl COMMAND --help says more.
${EXIT_CODES_TEXT}`;
}

export function commandHelp({ name, arguments: args, summary, details }: Command): string {
  const usage = `posternctl ${name} ${args}`.trimEnd();
  return `${usage}\n  ${summary}\n\n${details}\n\n${EXIT_CODES_TEXT}`;
}
