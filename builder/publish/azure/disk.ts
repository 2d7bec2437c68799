import type { Disk } from "@azure/arm-compute";
import { PosternError } from "../../error.ts";
import { diskBody } from "./bodies.ts";
import { type CallOptions, type Session, step } from "./client.ts";
import type { Whole } from "./fates.ts";
import { faultOf } from "./fault.ts";
import { sleep } from "./sleep.ts";
import { type PageTarget, pageTarget } from "./target.ts";

/** An address is good for a day: longer than any upload, and it is worth nothing once the disk is whole. */
const ACCESS_SECONDS = 86_400;

/** Makes the disk that is uploaded to, and waits until it can be. @returns it as Azure has it then. */
export function createDisk(session: Session, { size, content }: Whole): Promise<Disk> {
  const { settings } = session;
  const { resourceGroup = "", disk } = settings;
  return step(session, `create the disk ${disk}`, async ({ disks }, options) => {
    await disks.createOrUpdate(resourceGroup, disk, diskBody(settings, size, content), options);
    return untilReady(session, () => disks.get(resourceGroup, disk, options), options);
  });
}

async function untilReady(
  { settings, signal }: Session,
  get: () => Promise<Disk>,
  { updateIntervalInMs }: CallOptions,
): Promise<Disk> {
  for (;;) {
    const disk = await get();
    if (disk.diskState === "ReadyToUpload" || disk.diskState === "ActiveUpload") return disk;
    if (disk.provisioningState === "Failed" || disk.provisioningState === "Succeeded") {
      throw new PosternError({
        code: "network.azure-refused",
        message: `the disk ${settings.disk} cannot be uploaded to: it is ${disk.provisioningState}, in the state ${disk.diskState}`,
        hint: `az disk show --resource-group ${settings.resourceGroup} --name ${settings.disk} says more.`,
      });
    }
    await sleep(updateIntervalInMs, signal);
  }
}

/** Asks for an address to upload to. It is a secret, and is kept nowhere. */
export function openDisk(session: Session): Promise<PageTarget> {
  const { settings, services, signal } = session;
  const { resourceGroup = "", disk } = settings;
  return step(session, `open the disk ${disk} for upload`, async ({ disks }, options) => {
    const access = await disks.grantAccess(
      resourceGroup,
      disk,
      { access: "Write", durationInSeconds: ACCESS_SECONDS },
      options,
    );
    if (access.accessSAS === undefined) throw new Error("Azure opened the disk and gave no address");
    return pageTarget(services.blobAt(access.accessSAS), signal);
  });
}

/** Ends the upload. Only now Azure looks at the footer, and the disk becomes one that can be used. */
export function finishDisk(session: Session): Promise<Disk> {
  const { resourceGroup = "", disk } = session.settings;
  return step(session, `end the upload of the disk ${disk}`, async ({ disks }, options) => {
    const refused = await disks.revokeAccess(resourceGroup, disk, options).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    // A token that ran out must be told before it is used once more.
    if (faultOf(refused?.error)?.status === 401) throw refused?.error;
    const found = await disks.get(resourceGroup, disk, options);
    // A connection that was cut behind the question lets it be asked twice, and the second is refused.
    if (refused !== undefined && found.diskState !== "Unattached") throw refused.error;
    if (found.diskState === "Unattached") return found;
    throw new PosternError({
      code: "network.azure-refused",
      message: `the disk ${disk} is in the state ${found.diskState} after its upload, not Unattached`,
      hint: `az disk show --resource-group ${resourceGroup} --name ${disk} says more.`,
    });
  });
}
