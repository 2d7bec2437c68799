/**
 * The one error type of the builder and of the appliance.
 *
 * A `code` is `<group>.<what>`. The group says who can mend it and decides the exit code.
 */

/** Who can mend it: the caller's input, the build host, the network, the guest, the artifact. */
export type ErrorGroup = "input" | "host" | "network" | "guest" | "artifact";

/** `input.recipe`, `host.disk-full`, `network.archive`, ... */
export type ErrorCode = `${ErrorGroup}.${string}`;

export interface PosternErrorOptions {
  code: ErrorCode;
  /** What happened, to which file or field. */
  message: string;
  /** The next step, a command where there is one. */
  hint: string;
  cause?: unknown;
}

/** Exit codes, documented in `docs/errors.md`. 1 is left to failed tests, 130 to Ctrl-C. */
export const EXIT_CODES = {
  input: 2,
  host: 3,
  network: 4,
  guest: 5,
  artifact: 6,
} as const satisfies Record<ErrorGroup, number>;

export const EXIT_INTERRUPTED = 130;

/** A fault with its code, what happened, and the next step for the person who reads it. */
export class PosternError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor({ code, message, hint, cause }: PosternErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "PosternError";
    this.code = code;
    this.hint = hint;
  }

  get group(): ErrorGroup {
    return this.code.slice(0, this.code.indexOf(".")) as ErrorGroup;
  }

  get exitCode(): number {
    return EXIT_CODES[this.group];
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
