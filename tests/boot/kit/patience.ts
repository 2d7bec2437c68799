/*
 * How long the boot tests wait for what has to come, in milliseconds. Nothing takes this long: a machine without
 * KVM, on a host whose processors others use as well, takes three times what it takes alone.
 */

/** A whole test: a start, a change and what is asked after it. */
export const PATIENCE = 1_500_000;
/** From power-on to the first question or the status screen; with settings to take in on the way. */
export const BOOT_PATIENCE = 900_000;
/** The next text on the console, an answer over SSH. */
export const STEP_PATIENCE = 300_000;
/** An answer of the proxy. */
export const ANSWER_PATIENCE = 60_000;
