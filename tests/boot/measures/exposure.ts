/** The exposure of each unit that `systemd-analyze security UNIT...` was asked about. */
export function parseExposure(text: string): ReadonlyMap<string, number> {
  const found = text.matchAll(/Overall exposure level for (\S+): (\d+(?:\.\d+)?)/g);
  return new Map([...found].map(([, unit = "", level]) => [unit, Number(level)]));
}
