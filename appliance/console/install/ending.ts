import { INSTALL_LOG } from "../../install/log.ts";
import { durationText, type InstallState } from "../../install/state.ts";
import { askerFor } from "../asking/askerfor.ts";
import { NO_OTHERS } from "../others.ts";
import type { InstallContext } from "./context.ts";
import { leave } from "./leaving.ts";

type Way = "restart" | "poweroff" | "again";

/** The last page: what came of it, and what is to be done now. */
export async function showEnding(context: InstallContext, state: InstallState): Promise<void> {
  const asker = await askerFor(context.terminal, context.header, NO_OTHERS.signal);
  const asking = { ...context, asker };
  const way = await (state.phase === "done" ? done : failed)(asking, state);
  if (way !== "again") await leave(asking, way);
}

async function done(
  { asker, release, countdown }: Parameters<typeof leave>[0],
  state: InstallState,
): Promise<Way> {
  const { afterwards } = state;
  const end = performance.now() + countdown;
  const byItself = (): string[] => {
    if (afterwards === "ask") return [];
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    return [`The server ${afterwards === "reboot" ? "restarts" : "powers off"} by itself in ${seconds} s.`];
  };
  const lines = (): string[] => [
    "Detach the installation medium now: eject the virtual CD, or pull the stick.",
    `It is on ${state.disk}; everything was read back and compared.`,
    ...byItself(),
    ...state.notes,
    `It took ${durationText(((state.ended ?? state.started) - state.started) / 1000)}.`,
  ];
  const answer = await asker.choose<Way>({
    title: `Postern ${release.version} is installed`,
    lines: lines(),
    choices: [
      { value: "poweroff", label: "Power off" },
      { value: "restart", label: "Restart", hint: "the console asks for the settings then" },
    ],
    initial: afterwards === "reboot" ? 1 : 0,
    look: async () => {
      const isTime = afterwards !== "ask" && performance.now() >= end;
      const value: Way = afterwards === "reboot" ? "restart" : "poweroff";
      return isTime ? { lines: lines(), settled: { value } } : { lines: lines() };
    },
  });
  return answer.kind === "value" ? answer.value : "again";
}

async function failed({ asker, system }: Parameters<typeof leave>[0], state: InstallState): Promise<Way> {
  const answer = await asker.choose<Way>({
    title: "Postern was not installed",
    lines: [...(state.error ?? []), `Log: ${system.paths.live}/${INSTALL_LOG}`],
    choices: [
      { value: "again", label: "Choose a disk again" },
      { value: "restart", label: "Restart" },
      { value: "poweroff", label: "Power off" },
    ],
  });
  return answer.kind === "value" ? answer.value : "again";
}
