/** A window of the settings, taken apart. Days are empty where it opens every day. */
interface Window {
  days: string;
  from: string;
  /** Minutes since midnight. */
  end: number;
}

/** So long before the window closes the machine restarts, so that it is back in service when it does. */
const RESTART = 15;

/** When updates install themselves: a time of systemd.time(7), in the machine's zone. */
export function opening(window: string): string {
  const { days, from } = parts(window);
  return `${days === "" ? "" : `${days} `}*-*-* ${from}:00`;
}

/** When a restart that updates need happens: `03:45`. */
export function restartTime(window: string): string {
  const at = (parts(window).end - RESTART + 1440) % 1440;
  return [Math.floor(at / 60), at % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

function parts(window: string): Window {
  const match = /^(?:(?<days>\S+) )?(?<from>\d\d:\d\d)-(?<hour>\d\d):(?<minute>\d\d)$/.exec(window);
  const { days = "", from = "00:00", hour, minute } = match?.groups ?? {};
  return { days, from, end: Number(hour) * 60 + Number(minute) };
}
