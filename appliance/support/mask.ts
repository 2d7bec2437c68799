const MASK = "(masked)";

/** What secrets look like, whoever wrote them, and what stands there instead. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  // crypt(5): $y$, $gy$, $7$, $6$, $5$, $2b$, $1$, $sha1$, $md5.
  [/\$(?:y|gy|7|6|5|1|2[abxy]?|sha1|md5)[,$][./A-Za-z0-9$=,+-]{8,}/g, MASK],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]*:[^\s/@]*@/gi, `$1${MASK}@`],
  [/\b((?:proxy-)?authorization["']?\s*:\s*).*/gi, `$1${MASK}`],
  [
    /((?:pass(?:word|wd|phrase)?|secret|token|api[-_]?key)(?:[-_]?hash)?["']?\s*[:=]\s*)(?:"[^"\n]*"|'[^'\n]*'|[^\s,;"']+)/gi,
    `$1${MASK}`,
  ],
];

/**
 * A text in which no secret stands.
 *
 * @param secrets values that are known to be secret; they go wherever they stand, also inside a word.
 */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  let masked = text;
  for (const secret of secrets.filter((one) => one.length > 1)) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]))
      masked = masked.replaceAll(form, MASK);
  }
  for (const [shape, instead] of SHAPES) masked = masked.replaceAll(shape, instead);
  return masked;
}
