import type { ExecutionContext } from "ava";
import { CLOUD_ADDRESS, INSIDE_ADDRESS, OUTSIDE_ADDRESS } from "./kit/addresses.ts";
import type { Cloud } from "./kit/cloud.ts";
import { connectOnly, describe, echoThrough, getThrough, type ProxyRoute } from "./kit/proxyclient.ts";
import { PROXY_PORT } from "./machines.ts";

/** A client inside the allowed network, and one outside it. */
export const INSIDE: ProxyRoute = { host: INSIDE_ADDRESS, port: PROXY_PORT, localAddress: INSIDE_ADDRESS };
export const OUTSIDE: ProxyRoute = { ...INSIDE, localAddress: OUTSIDE_ADDRESS };

/** Milliseconds without a byte that count as silence: nothing is to come, however long one waits. */
const SILENCE = 10_000;

/** A name that the default settings allow on 443, and one that they allow on 80. */
export const ALLOWED_NAME = "edr.eu.endpoint.security.microsoft.com";
export const ALLOWED_WEB = "http://crl.microsoft.com/pki/crl/products/test.crl";

/** What each forbidden CONNECT stands for. All of these names resolve, and something answers there. */
const FORBIDDEN: readonly [why: string, target: string][] = [
  ["a name that is not on the list", "www.example.com:443"],
  ["a name that only ends like an allowed one", "notendpoint.security.microsoft.com.example.com:443"],
  ["an allowed name on another port", `${ALLOWED_NAME}:8443`],
  ["an allowed name on the SSH port", `${ALLOWED_NAME}:22`],
  ["a tunnel to port 80", `${ALLOWED_NAME}:80`],
  ["an address whose reverse record says an allowed name", `${CLOUD_ADDRESS}:443`],
  ["an IPv6 literal", "[2001:db8::1]:443"],
  ["the appliance itself", "127.0.0.1:443"],
  ["the platform's metadata address", "169.254.169.254:443"],
];

/** An allowed name gives a tunnel, the TLS inside is the cloud's own, and what is sent comes back. */
export async function assertServes(t: ExecutionContext, cloud: Cloud): Promise<void> {
  const before = cloud.seen.requests;
  const body = "a sensor's report";
  const echo = await echoThrough(INSIDE, ALLOWED_NAME, cloud.ca, body);
  t.deepEqual(echo, { proxyStatus: 200, status: 200, body, host: ALLOWED_NAME });
  t.true(cloud.seen.requests > before);
}

/** Everything else gets a 403 from the proxy, and nothing of it reaches the cloud. */
export async function assertRefuses(t: ExecutionContext, cloud: Cloud): Promise<void> {
  const { mute } = cloud.seen;
  for (const [why, target] of FORBIDDEN) {
    t.is(describe(await connectOnly(INSIDE, target)), "403 Forbidden", `${why}: CONNECT ${target}`);
  }
  for (const url of ["http://www.example.com/", `http://${CLOUD_ADDRESS}/`]) {
    t.is(describe(await getThrough(INSIDE, url)), "403 Forbidden", `GET ${url}`);
  }
  t.is(cloud.seen.mute, mute);
  t.deepEqual(
    [...cloud.seen.names].filter((name) => name.endsWith("example.com")),
    [],
  );
}

/** A revocation list comes by plain GET on port 80. */
export async function assertServesWeb(t: ExecutionContext, cloud: Cloud): Promise<void> {
  const before = cloud.seen.requests;
  t.is(describe(await getThrough(INSIDE, ALLOWED_WEB)), "200 OK");
  t.true(cloud.seen.requests > before);
}

/** A client from outside the allowed networks gets not one byte, not even a refusal. */
export async function assertSilentOutside(t: ExecutionContext): Promise<void> {
  const outcome = await connectOnly({ ...OUTSIDE, timeout: SILENCE }, `${ALLOWED_NAME}:443`);
  t.true(outcome.kind === "silent" || outcome.kind === "closed", describe(outcome));
}

/** Before the setup nobody is served, inside or outside. */
export async function assertClosed(t: ExecutionContext): Promise<void> {
  for (const route of [INSIDE, OUTSIDE]) {
    const outcome = await connectOnly({ ...route, timeout: SILENCE }, `${ALLOWED_NAME}:443`);
    t.not(outcome.kind, "answer", `${route.localAddress}: ${describe(outcome)}`);
  }
}
