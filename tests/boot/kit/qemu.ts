import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../builder/host/run.ts";
import { firmwareFiles } from "./firmware.ts";
import { type Hardware, qemuArguments } from "./hardware.ts";
import { awaitCaller } from "./listen.ts";
import { type Qmp, qmpOver } from "./qmp.ts";
import { type Serial, serialOver } from "./serial.ts";

export interface Image {
  file: string;
  format: "vmdk" | "vhdx" | "qcow2" | "raw" | "vpc";
}

/** A running machine. */
export interface Machine {
  /** Its own folder: the overlay, `serial.log`, `qemu.log`, screenshots. */
  folder: string;
  serial: Serial;
  qmp: Qmp;
  /** Milliseconds since power-on. */
  uptime(): number;
  /** Presses the reset button and resolves when the machine has started again. */
  reset(): Promise<void>;
  /** A PNG of the screen; returns its path. */
  screenshot(name: string): Promise<string>;
  /** Resolves when QEMU has ended: by `quit`, or by SIGKILL when it does not listen. What it had not written is lost. */
  stop(): Promise<void>;
  /** Takes the power away and gives it again, on other hardware if need be: another QEMU on the same disk, with a serial line of its own. */
  cycle(changed?: Partial<Hardware>): Promise<Machine>;
}

const QUIT_GRACE = 10_000;
const running = new Set<ChildProcess>();

// A test that throws, or a Ctrl-C, must not leave a machine behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Boots an image on the given hardware; the image itself is never written to. */
export async function startMachine(folder: string, image: Image, hardware: Hardware): Promise<Machine> {
  await mkdir(folder, { recursive: true });
  const disk = join(folder, "disk.qcow2");
  const size = hardware.diskGiB === undefined ? [] : [`${hardware.diskGiB}G`];
  await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", image.file, "-F", image.format, disk, ...size]);
  return powerOn(folder, disk, hardware);
}

/** Starts QEMU on a disk that is there. */
async function powerOn(folder: string, disk: string, hardware: Hardware): Promise<Machine> {
  const files = {
    disk,
    serialSocket: join(folder, "serial.sock"),
    serialLog: join(folder, "serial.log"),
    qmpSocket: join(folder, "qmp.sock"),
    ...(await firmwareFiles(hardware.firmware, folder)),
  };
  const lines = [await awaitCaller(files.serialSocket), await awaitCaller(files.qmpSocket)] as const;

  const child = spawn("qemu-system-x86_64", qemuArguments(hardware, files), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      running.delete(child);
      resolve();
    });
  });
  const words = keepWords(child, join(folder, "qemu.log"));
  const early = once(child, "error").then(([error]) => Promise.reject(error));
  const dead = ended.then(() => Promise.reject(new Error(`QEMU did not start:\n${words()}`)));
  early.catch(() => {});
  dead.catch(() => {});

  const connect = Promise.all([lines[0].socket, lines[1].socket]);
  const [serialSocket, qmpSocket] = await Promise.race([connect, early, dead]).finally(() => {
    for (const line of lines) line.close();
  });
  // A QEMU that refuses its arguments hangs up first and says why as it ends.
  const qmp = await qmpOver(qmpSocket).catch(() => dead);
  const screenshot = async (name: string): Promise<string> => {
    const filename = join(folder, `${name}.png`);
    await qmp.execute("screendump", { filename, format: "png" });
    return filename;
  };
  const onFailure = (): Promise<string | undefined> => screenshot("failure").catch(() => undefined);
  const serial = serialOver(serialSocket, { log: files.serialLog, onFailure });

  const poweredOn = performance.now();
  await qmp.execute("cont");
  const stop = async (): Promise<void> => {
    if (!running.has(child)) return;
    qmp.execute("quit").catch(() => {});
    const timer = setTimeout(() => child.kill("SIGKILL"), QUIT_GRACE);
    await ended;
    clearTimeout(timer);
  };
  return {
    folder,
    serial,
    qmp,
    screenshot,
    uptime: () => performance.now() - poweredOn,
    async reset() {
      const happened = qmp.event("RESET");
      await qmp.execute("system_reset");
      await happened;
    },
    stop,
    async cycle(changed = {}) {
      await stop();
      return powerOn(folder, disk, { ...hardware, ...changed });
    },
  };
}

/** Writes what QEMU says to a file, and keeps the last of it for an error. */
function keepWords(child: ChildProcess, file: string): () => string {
  const log = createWriteStream(file);
  let last = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      log.write(bytes);
      last = (last + bytes.toString()).slice(-4096);
    });
  }
  child.once("close", () => log.end());
  return () => last;
}
