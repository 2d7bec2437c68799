/** Time for DHCP and for Squid's start after a change, in milliseconds. Slow hosts need most of it. */
export const PATIENCE = 30_000;
