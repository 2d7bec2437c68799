/**
 * Compares two versions of Debian packages as dpkg does (deb-version(7)): the epoch as a number, then the upstream
 * version, then the revision; `~` sorts before everything, even the end.
 *
 * @returns less than 0 when `a` is older, 0 for equal ones, more than 0 when `a` is newer.
 */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  return (
    compareNumbers(one.epoch, other.epoch) ||
    compareParts(one.upstream, other.upstream) ||
    compareParts(one.revision, other.revision)
  );
}

function partsOf(version: string): { epoch: string; upstream: string; revision: string } {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? "0" : version.slice(0, colon),
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    // No revision is the same as 0.
    revision: hyphen < 0 ? "0" : rest.slice(hyphen + 1),
  };
}

/** Texts without digits and numbers take turns. */
function compareParts(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== "" || right !== "") {
    const texts = [takeText(left), takeText(right)] as const;
    const order = compareTexts(...texts);
    if (order !== 0) return order;
    [left, right] = [left.slice(texts[0].length), right.slice(texts[1].length)];
    const numbers = [takeNumber(left), takeNumber(right)] as const;
    const difference = compareNumbers(...numbers);
    if (difference !== 0) return difference;
    [left, right] = [left.slice(numbers[0].length), right.slice(numbers[1].length)];
  }
  return 0;
}

const takeText = (text: string): string => /^\D*/.exec(text)?.[0] ?? "";
const takeNumber = (text: string): string => /^\d*/.exec(text)?.[0] ?? "";

/** Letters come before all else, and `~` before the end. */
function compareTexts(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = weight(a[index]) - weight(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function weight(character: string | undefined): number {
  if (character === "~") return -1;
  if (character === undefined) return 0;
  const code = character.codePointAt(0) ?? 0;
  return /[A-Za-z]/.test(character) ? code : code + 256;
}

/** Of any length. */
function compareNumbers(a: string, b: string): number {
  const [one, other] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  if (one.length !== other.length) return one.length - other.length;
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
