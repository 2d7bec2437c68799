import { wallTime } from "./zoned.ts";

const DAY = 86_400_000;
/** A start before this hour belongs to the night before it. */
const NIGHT_ENDS = "06:00";

/**
 * When a window of updates begins next, in words: `tonight 02:00`, `today 13:00`, `tomorrow 22:00`, `Sat 02:00`.
 *
 * @param window as in the settings: `02:00-04:00`, `Sat,Sun 02:00-04:00`.
 */
export function nextWindow(window: string, zone: string, now: number): string {
  const match = /^(?:(?<days>[A-Za-z,]+) )?(?<start>\d\d:\d\d)-/.exec(window);
  const { days, start = "" } = match?.groups ?? {};
  if (start === "") return window;
  const today = wallTime(now, zone);
  const allowed = days?.split(",");
  for (let ahead = 0; ahead <= 7; ahead++) {
    const { day } = wallTime(now + ahead * DAY, zone);
    if (allowed !== undefined && !allowed.includes(day)) continue;
    if (ahead === 0 && start <= today.time.slice(0, 5)) continue;
    return `${dayName(ahead, day, start, today.time)} ${start}`;
  }
  return window;
}

function dayName(ahead: number, day: string, start: string, now: string): string {
  const isNight = start < NIGHT_ENDS;
  if (ahead === 0) return isNight && now < NIGHT_ENDS ? "tonight" : "today";
  if (ahead === 1) return isNight ? "tonight" : "tomorrow";
  return day;
}
