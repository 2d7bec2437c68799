/** How hard a password is to guess, in words. */
export interface Strength {
  word: "weak" | "fair" | "good" | "strong";
  /** What makes it weaker than it looks. */
  why: readonly string[];
}

/**
 * Bits a guesser has to try, roughly: passwords are tried by the thousand million where a hash was stolen, and
 * a yescrypt hash makes each try slow.
 */
const FAIR = 40;
const GOOD = 60;
const STRONG = 80;

/** Letters of a word follow from each other; measured English has 1 to 2 bits a letter, a word list a bit more. */
const WORD_BITS = 2.5;
/** About a hundred years come to mind. */
const YEAR_BITS = 7;
const YEAR = /(?:19|20)\d\d/g;
const WORD = /\p{L}{4,}/gu;

/** Rows of keys and of the alphabet that fingers know. */
const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiop",
  "qwertzuiop",
  "asdfghjkl",
  "zxcvbnm",
  "yxcvbnm",
];
/** What everybody who knows the machine tries first. */
const OBVIOUS = ["postern", "password", "defender", "microsoft", "admin", "welcome", "proxy"];

/**
 * Estimates a password by its length, its kinds of characters and its patterns. No word list is at hand, so it
 * never says more than that.
 */
export function strengthOf(password: string, hostname: string): Strength {
  const why: string[] = [];
  let rest = password.toLowerCase();
  let bits = 0;
  const names = [...OBVIOUS, ...hostname.toLowerCase().split(/[.-]/)].filter((name) => name.length > 3);
  const named = names.filter((name) => rest.includes(name));
  if (named.length > 0) why.push("it has a name in it that is tried first");
  for (const name of named) {
    rest = rest.replaceAll(name, " ");
    bits += 3;
  }
  const years = rest.match(YEAR) ?? [];
  rest = rest.replaceAll(YEAR, "");
  bits += years.length * YEAR_BITS;
  const plain = withoutPatterns(rest);
  if (plain.length < rest.length) why.push("it repeats itself or follows rows of keys");
  const words = plain.match(WORD) ?? [];
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  bits += letters * WORD_BITS + (plain.length - letters) * Math.log2(poolOf(password));
  const word = bits < FAIR ? "weak" : bits < GOOD ? "fair" : bits < STRONG ? "good" : "strong";
  return { word, why };
}

/** `aaaa`, `abcabc` and `12345` count as little more than their beginning. */
function withoutPatterns(text: string): string {
  const once = text.replaceAll(/(.{1,16}?)\1{2,}/g, "$1").replaceAll(/(.{3,16})\1/g, "$1");
  let kept = "";
  for (let index = 0; index < once.length; ) {
    const run = runAt(once, index);
    kept += once.slice(index, index + Math.min(run, 2));
    index += run;
  }
  return kept;
}

/** How many characters from here on follow a row, forwards or backwards; at least 1, and 4 to count. */
function runAt(text: string, start: number): number {
  let longest = 1;
  for (const row of [...ROWS, ...ROWS.map((one) => [...one].reverse().join(""))]) {
    let length = 1;
    while (start + length < text.length && row.includes(text.slice(start, start + length + 1))) length++;
    longest = Math.max(longest, length);
  }
  return longest < 4 ? 1 : longest;
}

/** How many characters there are of the kinds that the password has. */
function poolOf(password: string): number {
  const kinds: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/ /, 1],
    [/[!-/:-@[-`{-~]/, 32],
    [/[^ -~]/, 64],
  ];
  return Math.max(
    2,
    kinds.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0),
  );
}
