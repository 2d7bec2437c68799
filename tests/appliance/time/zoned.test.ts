import test from "ava";
import { nextWindow } from "../../../appliance/time/window.ts";
import { dateAndTime, wallTime } from "../../../appliance/time/zoned.ts";

/** A Tuesday. */
const NOON = Date.UTC(2026, 10, 24, 12, 4, 31);

const ZONES: [string, string, string, string][] = [
  ["UTC", "2026-11-24", "12:04:31", "Tue"],
  ["Europe/Berlin", "2026-11-24", "13:04:31", "Tue"],
  ["Pacific/Auckland", "2026-11-25", "01:04:31", "Wed"],
  ["Nowhere/Atall", "2026-11-24", "12:04:31", "Tue"],
];
for (const [zone, date, time, day] of ZONES) {
  test(`a moment in ${zone}`, (t) => t.deepEqual(wallTime(NOON, zone), { date, time, day }));
}

test("midnight is 00, not 24", (t) => {
  t.is(dateAndTime(Date.UTC(2026, 10, 24), "UTC"), "2026-11-24 00:00");
});

const WINDOWS: [string, string, number, string][] = [
  ["02:00-04:00", "UTC", NOON, "tonight 02:00"],
  ["13:00-15:00", "UTC", NOON, "today 13:00"],
  ["13:00-15:00", "Europe/Berlin", NOON, "tomorrow 13:00"],
  ["22:00-23:30", "UTC", NOON, "today 22:00"],
  ["02:00-04:00", "UTC", Date.UTC(2026, 10, 24, 1), "tonight 02:00"],
  ["02:00-04:00", "UTC", Date.UTC(2026, 10, 24, 2), "tonight 02:00"],
  ["Sat,Sun 02:00-04:00", "UTC", NOON, "Sat 02:00"],
  ["Tue 02:00-04:00", "UTC", NOON, "Tue 02:00"],
  ["Wed 10:00-12:00", "UTC", NOON, "tomorrow 10:00"],
];
for (const [window, zone, now, expected] of WINDOWS) {
  test(`${window} (${zone}) seen ${new Date(now).toISOString()} is ${expected}`, (t) =>
    t.is(nextWindow(window, zone, now), expected));
}
