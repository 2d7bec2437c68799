import type { ComputeManagementClient } from "@azure/arm-compute";
import { explainAzure } from "./explain.ts";
import { faultOf } from "./fault.ts";
import type { AzureServices } from "./services.ts";
import type { AzureSettings } from "./settings.ts";

/** What every step of a publication needs. */
export interface Session {
  services: AzureServices;
  settings: AzureSettings;
  signal: AbortSignal;
}

/** Options of a call of the resource manager. */
export interface CallOptions {
  abortSignal: AbortSignal;
  /** Milliseconds between two looks, where the service does not say. */
  updateIntervalInMs: number;
}

/**
 * One step at the resource manager, by a client whose token is fresh. A token that runs out on the way is had anew,
 * once; every other error is told in words.
 *
 * @param doing for a message: `create the disk postern`
 */
export async function step<T>(
  session: Session,
  doing: string,
  work: (client: ComputeManagementClient, options: CallOptions) => Promise<T>,
): Promise<T> {
  const { services, settings, signal } = session;
  const once = async (): Promise<T> => {
    signal.throwIfAborted();
    return work(services.compute(), { abortSignal: signal, updateIntervalInMs: services.pollMs });
  };
  try {
    return await once().catch((error: unknown) => {
      if (faultOf(error)?.status !== 401) throw error;
      return once();
    });
  } catch (error) {
    signal.throwIfAborted();
    throw explainAzure(error, settings, doing);
  }
}

/** The same for what may not be there; that the resource group is not there is an error all the same. */
export function lookUp<T>(
  session: Session,
  what: string,
  get: (client: ComputeManagementClient, options: CallOptions) => Promise<T>,
): Promise<T | undefined> {
  return step(session, `look at ${what}`, async (client, options) => {
    try {
      return await get(client, options);
    } catch (error) {
      const fault = faultOf(error);
      if (
        fault?.status === 404 &&
        fault.code !== "ResourceGroupNotFound" &&
        fault.code !== "SubscriptionNotFound"
      )
        return undefined;
      throw error;
    }
  });
}
