import { randomBytes } from "node:crypto";
import { PosternError } from "../error.ts";
import { type Parsed, wrong } from "../network/address.ts";
import { passwordHash } from "../settings/fields.ts";
import type { System } from "../system/system.ts";

const SHORTEST = 12;
const FEWEST_DIFFERENT = 5;
const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** yescrypt with the cost that Debian and Ubuntu use for passwd(1). */
const PREFIX = "$y$j9T$";

/** perl-base is essential on every base, and its crypt is the system's own. */
const PROGRAM = "chomp(my $salt = <STDIN>); chomp(my $password = <STDIN>); print crypt($password, $salt);";

const CHECK =
  "chomp(my $hash = <STDIN>); chomp(my $password = <STDIN>); my $got = crypt($password, $hash); exit(defined $got && $got eq $hash ? 0 : 1);";

/** A password that is worth its hash. */
export function passwordText(text: string): Parsed<string> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they cannot be typed at a login prompt.
  if (/[\u0000-\u001f\u007f]/.test(text)) return wrong("characters that can be typed at a login");
  if (text.length < SHORTEST) return wrong(`at least ${SHORTEST} characters; ${SHORTEST - text.length} more`);
  if (new Set(text).size < FEWEST_DIFFERENT)
    return wrong(`at least ${FEWEST_DIFFERENT} different characters`);
  return { ok: true, value: text };
}

/**
 * Hashes a password as crypt(5) yescrypt. It goes to the program by standard input: arguments can be read by
 * every process.
 *
 * @throws PosternError `host.password` when the system's crypt does not know yescrypt.
 */
export async function hashPassword(system: System, password: string): Promise<string> {
  // 24 characters of 6 bits are whole bytes: yescrypt refuses a salt with bits left over.
  const salt = PREFIX + [...randomBytes(24)].map((byte) => ALPHABET[byte % 64]).join("");
  const { code, stdout, stderr } = await system.run("perl", ["-e", PROGRAM], {
    input: `${salt}\n${password}\n`,
  });
  const hash = passwordHash(stdout);
  if (code === 0 && hash.ok && hash.value.startsWith(`${salt}$`)) return hash.value;
  throw new PosternError({
    code: "host.password",
    message: `The password could not be hashed: ${stderr.trim() || "this system's crypt does not know yescrypt"}`,
    hint: "Check that perl-base and libcrypt1 are installed.",
  });
}

/** Whether a password has this hash of crypt(5). Both go by standard input: arguments can be read by every process. */
export async function checkPassword(system: System, hash: string, password: string): Promise<boolean> {
  if (/[\n\0]/.test(password + hash)) return false;
  const { code } = await system.run("perl", ["-e", CHECK], { input: `${hash}\n${password}\n` });
  return code === 0;
}
