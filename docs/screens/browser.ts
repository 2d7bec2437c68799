import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** One page of a browser, spoken to by the DevTools protocol (https://chromedevtools.github.io/devtools-protocol/). */
export interface Tab {
  send(method: string, params?: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  /** Loads an address. @returns every other address that the page asked for */
  open(address: string): Promise<string[]>;
  /** What an expression gives. */
  value(expression: string): Promise<unknown>;
  /** What the page or the browser about it said in the console. */
  said(): string[];
}

interface Message {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

const LISTENING = /^DevTools listening on (ws:\S+)$/;

/** Runs work in a Chromium of its own, which ends with it. */
export async function browse<T>(work: (tab: Tab) => Promise<T>): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), "postern-browser-"));
  // Only files of our own are opened; its sandbox refuses to be started by root.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = [
    "--headless=new",
    "--remote-debugging-port=0",
    `--user-data-dir=${profile}`,
    "--no-first-run",
  ];
  const child = execa("chromium", [...args, ...sandbox, "--hide-scrollbars", "about:blank"], {
    ...{ reject: false, buffer: false, stdin: "ignore", forceKillAfterDelay: 2000 },
  });
  const address = addressOf(child.iterable({ from: "stderr" }));
  try {
    return await withTab(new URL(await address).host, work);
  } finally {
    child.kill();
    await child;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Reads on to the end: who leaves off earlier waits for that end. */
function addressOf(lines: AsyncIterable<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    const read = async (): Promise<void> => {
      for await (const line of lines) {
        const [, address] = LISTENING.exec(String(line)) ?? [];
        if (address !== undefined) resolve(address);
      }
      reject(new Error("Chromium did not start: apt-get install --no-install-recommends chromium"));
    };
    read().catch(reject);
  });
}

async function withTab<T>(host: string, work: (tab: Tab) => Promise<T>): Promise<T> {
  const tabs: unknown = await (await fetch(`http://${host}/json/list`)).json();
  const first = Array.isArray(tabs) ? tabs.find((one) => one.type === "page") : undefined;
  const socket = new WebSocket(first.webSocketDebuggerUrl);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  try {
    return await work(await tabOver(socket));
  } finally {
    socket.close();
  }
}

async function tabOver(socket: WebSocket): Promise<Tab> {
  const waiting = new Map<number, (message: Message) => void>();
  const events: Message[] = [];
  let onEvent: (() => void) | undefined;
  let lastId = 0;
  socket.addEventListener("message", ({ data }) => {
    const message: Message = JSON.parse(String(data));
    if (message.id === undefined) {
      events.push(message);
      onEvent?.();
      return;
    }
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });

  async function send(method: string, params: Readonly<Record<string, unknown>> = {}) {
    lastId += 1;
    const id = lastId;
    const answer = new Promise<Message>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  async function loaded(from: number): Promise<void> {
    while (!events.slice(from).some(({ method }) => method === "Page.loadEventFired")) {
      await new Promise<void>((resolve) => {
        onEvent = resolve;
      });
    }
  }

  for (const domain of ["Page", "Network", "Runtime", "Log"]) await send(`${domain}.enable`);
  return {
    send,
    async open(address) {
      const from = events.length;
      await send("Page.navigate", { url: address });
      await loaded(from);
      return events
        .slice(from)
        .filter(({ method }) => method === "Network.requestWillBeSent")
        .map(({ params }) => urlOf(params))
        .filter((url) => url !== address && !url.startsWith("data:"));
    },
    async value(expression) {
      const { result } = await send("Runtime.evaluate", { expression, returnByValue: true });
      return typeof result === "object" && result !== null && "value" in result ? result.value : undefined;
    },
    said: () =>
      events
        .filter(({ method }) => method === "Log.entryAdded" || method === "Runtime.consoleAPICalled")
        .map(({ params }) => JSON.stringify(params)),
  };
}

function urlOf(params: Record<string, unknown> | undefined): string {
  const request = params?.request;
  return typeof request === "object" && request !== null && "url" in request ? String(request.url) : "";
}
