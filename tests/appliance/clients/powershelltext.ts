/** What is left of a PowerShell text when its comments and strings are read over. */
export interface Skeleton {
  /** Code alone. */
  code: string;
  /** The contents of its strings in single quotes, unescaped. */
  singles: string[];
  /** What is wrong with it: an open string or comment, a bracket without its partner. */
  faults: string[];
}

const PARTNER = { ")": "(", "]": "[", "}": "{" } as const;

/**
 * Reads PowerShell as far as quotes, comments and brackets go (about_Quoting_Rules, about_Comments). Strings
 * that go over lines, which PowerShell allows, count as open.
 */
export function skeletonOf(text: string): Skeleton {
  const faults: string[] = [];
  const singles: string[] = [];
  let code = "";
  let rest = text;
  while (rest !== "") {
    const token =
      /^<#[\s\S]*?#>/.exec(rest) ??
      /^#.*/.exec(rest) ??
      /^'(?:''|[^'\u2018-\u201b\n])*'/.exec(rest) ??
      /^"(?:""|`[\s\S]|[^"`])*"/.exec(rest) ??
      /^[^<#'"]+/.exec(rest) ??
      /^</.exec(rest);
    if (token === null) {
      faults.push(`open: ${rest.slice(0, 40)}`);
      break;
    }
    const [found] = token;
    if (found.startsWith("'")) singles.push(found.slice(1, -1).replaceAll("''", "'"));
    else if (!/^[#"]|^<#/.test(found)) code += found;
    rest = rest.slice(found.length);
  }
  const open: string[] = [];
  for (const character of code) {
    if ("([{".includes(character)) open.push(character);
    if (character === ")" || character === "]" || character === "}") {
      if (open.pop() !== PARTNER[character]) faults.push(`${character} without its partner`);
    }
  }
  return { code, singles, faults: [...faults, ...open.map((one) => `${one} is never closed`)] };
}
