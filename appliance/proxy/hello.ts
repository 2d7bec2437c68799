import { PROXY_PORT } from "../paths.ts";

/*
 * The check of the TLS hello. Squid reads the name in the client's first message (SNI) and goes on as a plain
 * tunnel: nothing is decrypted and no certificate is made. It cannot compare two names of a request, so each name
 * of the list gets a rule of its own: asked for by CONNECT, and said in the hello. What no rule takes is ended.
 * An entry for a whole suffix is one name here: its subdomains are not told apart.
 *
 * @see https://wiki.squid-cache.org/Features/SslPeekAndSplice
 */

export interface HelloFacts {
  isOn: boolean;
  /** Every name that a tunnel may reach, as Squid's dstdomain takes it. */
  names: readonly string[];
  /** Regular expressions of further names. */
  patterns?: readonly string[];
}

/**
 * The port that clients use. Squid looks at no hello, and says nothing about it, unless the port has a certificate
 * to sign with. This one signs nothing; only a client that is refused sees it, and trusts it as little as it should.
 * Squid fails to start where the file is named and missing.
 *
 * @param certificate undefined: the hello is not looked at.
 */
export function httpPort(certificate: string | undefined): string {
  const peek =
    certificate === undefined ? "" : ` ssl-bump generate-host-certificates=off tls-cert=${certificate}`;
  return `http_port ${PROXY_PORT}${peek} tcpkeepalive=60,30,3\n`;
}

/**
 * What a tunnel has to begin with: squid.conf's ssl_bump rules. A tunnel whose bytes are no hello keeps the note
 * `hello` in the log, one for another name gets `sni`; a hello without a name counts as one for the name asked for.
 */
export function helloRules({ isOn, names, patterns = [] }: HelloFacts): string {
  if (!isOn) return "";
  return [
    "acl hello_awaited at_step SslBump1",
    "acl note_hello annotate_transaction rule=hello",
    "acl note_sni annotate_transaction rule=sni",
    "acl note_passed annotate_transaction hello=passed",
    ...names.flatMap((name, index) => [
      `acl asked_${index} dstdomain -n ${name}`,
      `acl said_${index} ssl::server_name --client-requested ${name}`,
    ]),
    ...patterns.flatMap((pattern, index) => [
      `acl asked_${names.length + index} dstdom_regex -n -i ${pattern}`,
      `acl said_${names.length + index} ssl::server_name_regex -i ${pattern}`,
    ]),
    "ssl_bump peek hello_awaited note_hello",
    ...[...names, ...patterns].map((_, index) => `ssl_bump splice asked_${index} said_${index} note_passed`),
    "ssl_bump terminate note_sni",
    // Squid ends one transaction where the hello was good and begins another, which is the tunnel.
    "acl hello_passed note hello passed",
    "",
  ].join("\n");
}
