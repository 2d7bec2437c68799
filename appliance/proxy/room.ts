/**
 * Squid's question before each tunnel: is there room? A worker that runs out of descriptors stops to accept, and its
 * clients hang; so it refuses while it still can. The answer is never kept, since a fast start of many clients fills
 * the table in less than a second.
 *
 * One process for each worker answers, many questions at a time. Were it ever behind, Squid refuses by itself.
 *
 * @param descriptors those of a worker at most; the program looks for a lower limit itself.
 * @see https://www.squid-cache.org/Doc/config/external_acl_type/
 */
export function roomLine(program: string, descriptors: number): string {
  return [
    "external_acl_type room ttl=0 negative_ttl=0 cache=0 children-max=1 children-startup=1 concurrency=1024",
    `queue-size=4096 %>lp /usr/bin/perl ${program} ${descriptors}`,
  ].join(" ");
}
