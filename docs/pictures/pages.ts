/** One page of the console, and how it is reached from the one before it. */
export interface Page {
  /** Name of its picture. */
  name: string;
  /** What it is, for a person who looks at the picture. */
  caption: string;
  /** Typed on the page before; `\r` is Enter, `\u001b` is Esc. */
  type?: string;
  /** Keys pressed together, before what is typed. */
  press?: readonly (readonly string[])[];
  /** Clients ask for something before it. */
  traffic?: true;
  /** How many looks it has to be the same, where steps take seconds. */
  rest?: number;
  /** Name of the picture of a page that moves by itself on the way. */
  live?: string;
  /** How many frames before the page at rest it is; 1 by default. */
  liveBefore?: number;
  /** Caption of that one. */
  liveCaption?: string;
}

/** Looks; longer than any step of applying or any check. */
const LONG = 60;
const ENTER = "\r";
const ESC = "\u001b";
const PASSWORD = "correct horse battery";

/** The whole way: a first boot on the screen, the status screen with its pages, a change that waits. */
export function pagesOf(sshKey: string): Page[] {
  return [
    { name: "keyboard", caption: "First the keyboard" },
    { name: "keyboard-try", caption: "A line to try it", type: ENTER },
    { name: "network", caption: "How the machine gets its address", type: ENTER },
    { name: "network-address", caption: "An address, with its prefix or netmask", type: `2${ENTER}` },
    {
      name: "network-checked",
      caption: "Checked while it is typed",
      type: "198.51.100.20 255.255.255.0",
    },
    { name: "network-again", caption: "Esc goes back, and keeps what was typed", type: ESC },
    { name: "clients", caption: "Who may use the proxy", type: `1${ENTER}` },
    { name: "clients-typed", caption: "A network typed by hand", type: "3" },
    { name: "clients-more", caption: "The networks so far", type: `198.51.100.0/24 servers${ENTER}` },
    { name: "password", caption: "The administrator's password", type: ENTER },
    { name: "password-strength", caption: "Its strength, in words", type: PASSWORD },
    { name: "password-again", caption: "The same once more", type: ENTER },
    { name: "ssh-key", caption: "A key for SSH, or none", type: `${PASSWORD}${ENTER}` },
    { name: "ssh-key-given", caption: "The key, by its fingerprint", type: `${sshKey}${ENTER}` },
    { name: "ssh-from", caption: "Which networks may use SSH", type: ENTER },
    { name: "cloud", caption: "The Defender cloud", type: ENTER },
    { name: "services", caption: "The services, with what each opens", type: ENTER },
    { name: "regions", caption: "Where the tenant's data is", type: ENTER },
    { name: "connectivity", caption: "Streamlined or standard", type: ENTER },
    { name: "workspaces", caption: "Defender for Identity workspaces", type: ENTER },
    { name: "time", caption: "Time servers", type: ENTER },
    { name: "review", caption: "The review: every line can be changed", type: ENTER },
    {
      name: "applied",
      caption: "A check that failed, with its cause and the next step: here the cloud is a fake one",
      type: ENTER,
      rest: LONG,
    },
    { name: "status", caption: "The status screen", type: ENTER },
    { name: "status-busy", caption: "The status screen after some traffic", traffic: true },
    { name: "denials", caption: "d: what was refused, and why", type: "d" },
    { name: "status-again", caption: "Back at the status screen", type: ESC },
    { name: "client-settings", caption: "c: what to set on the clients, for this very address", type: "c" },
    { name: "status-after-clients", caption: "Back at the status screen", type: ESC },
    { name: "test", caption: "t: every check, and every Defender service", type: "t", rest: LONG },
    { name: "status-after-test", caption: "Back at the status screen", type: ESC },
    { name: "restart", caption: "b: a restart is asked again", type: "b" },
    { name: "status-after-restart", caption: "Back at the status screen", type: ESC },
    { name: "change", caption: "r: the review of the settings in force", type: "r" },
    { name: "change-clients", caption: "Another network for the clients", type: `5${ENTER}` },
    { name: "change-clients-typed", caption: "Typed by hand", type: "3" },
    { name: "change-review", caption: "Back at the review", type: `10.30.5.0/24 dmz${ENTER}${ENTER}` },
    {
      name: "gone-back",
      caption: "Nobody said a word in time: the previous settings are back, and nothing typed is lost",
      type: `1${ENTER}`,
      rest: LONG,
      live: "keep",
      liveBefore: 4,
      liveCaption: "A change of network, firewall or SSH counts down, and goes back by itself",
    },
  ];
}

/** The page that shows all pictures. */
export function pageText(pages: readonly Page[]): string {
  const shown = pages.flatMap(({ name, caption, live, liveCaption = "" }) => [
    ...(live === undefined ? [] : [{ name: live, caption: liveCaption }]),
    { name, caption },
  ]);
  return [
    "# The console, page by page",
    "",
    "Made by `docs/pictures.ts` from an image that runs in QEMU, typed on its keyboard.",
    "",
    ...shown.flatMap(({ name, caption }) => [`${caption}.`, "", `![${caption}](pictures/${name}.png)`, ""]),
  ].join("\n");
}
