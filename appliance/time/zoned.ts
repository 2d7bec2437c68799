/** A moment as clocks on the wall show it. */
export interface WallTime {
  /** `2026-11-24` */
  date: string;
  /** `12:04:31` */
  time: string;
  /** `Sat` */
  day: string;
}

/** A moment in a time zone; in UTC where the zone is not known. Written the same whatever the locale. */
export function wallTime(milliseconds: number, zone: string): WallTime {
  const parts = new Map(
    formatFor(zone)
      .formatToParts(milliseconds)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}:${part("second")}`,
    day: part("weekday"),
  };
}

/** `2026-11-24 12:04`. */
export function dateAndTime(milliseconds: number, zone: string): string {
  const { date, time } = wallTime(milliseconds, zone);
  return `${date} ${time.slice(0, 5)}`;
}

/** Making one takes longer than using it thousands of times. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatFor(zone: string): Intl.DateTimeFormat {
  const known = FORMATS.get(zone);
  if (known !== undefined) return known;
  const format = made(zone) ?? made("UTC") ?? new Intl.DateTimeFormat();
  FORMATS.set(zone, format);
  return format;
}

function made(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "2-digit", day: "2-digit", weekday: "short" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    });
  } catch {
    return undefined;
  }
}
