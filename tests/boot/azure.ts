import type { ExecutionContext } from "ava";
import { expectServing } from "./firstboot.ts";
import { GUEST_ADDRESS } from "./kit/addresses.ts";
import { type AzureMachine, provisioningText, startAzure } from "./kit/azure.ts";
import type { Cloud } from "./kit/cloud.ts";
import { isoImage } from "./kit/media.ts";
import { sessionFolder } from "./kit/session.ts";
import { AZURE_MAC } from "./machines.ts";
import { assertServes } from "./probes.ts";
import { makeAccess } from "./stick.ts";
import type { Guest } from "./watch.ts";

const NAME = "vhd-azure";

/** What cloud-init says of itself. */
interface Status {
  status: string;
  datasource: string;
  errors: readonly string[];
  /** Among its warnings is one about `postern:`, a key that its schema does not know. */
  recoverable_errors: { readonly ERROR?: readonly string[] };
}

/**
 * The first start in Azure: cloud-init knows the platform by its tag, asks the metadata service, takes the custom
 * data from the disc, and tells the wire server that the machine is ready. The custom data are the settings.
 */
export async function azureProvisions(t: ExecutionContext, guest: Guest, cloud: Cloud): Promise<void> {
  const about: AzureMachine = {
    ...{ hostname: "from-the-portal", user: "azureuser" },
    ...{ mac: AZURE_MAC, address: GUEST_ADDRESS },
  };
  const azure = await startAzure(about);
  try {
    const { settings, root } = await makeAccess(NAME, "from-custom-data");
    const data = `#cloud-config\npostern:\n${settings.replaceAll(/^(?=.)/gm, "  ")}`;
    const disc = await isoImage(await sessionFolder("machines", NAME), "rd_rdfe_stable", {
      "ovf-env.xml": provisioningText(about, data),
    });
    const machine = await guest.boot(NAME, { drives: [{ id: "cd0", kind: "cd", file: disc }] });
    await expectServing(machine.serial);
    await assertServes(t, cloud);
    t.is((await root("hostname")).trim(), "from-custom-data");
    t.regex(await root("posternctl", "history"), /cloud-init \(user data of azure\)/);
    // 2: done, with errors that it recovered from.
    const ask = "cloud-init status --wait --format json || test $? = 2";
    const status: Status = JSON.parse(await root("sh", "-c", ask));
    t.like(status, { status: "done", datasource: "azure", errors: [] });
    // In Azure the DHCP server names a way to the metadata service, by which the first card is known. QEMU's does not.
    const recovered = status.recoverable_errors.ERROR ?? [];
    t.true(
      recovered.every((text) => text.includes("failure to find primary DHCP interface")),
      `${recovered}`,
    );
    t.regex(azure.reports.join("\n"), /<State>Ready<\/State>/);
    t.true(azure.asked.some((path) => path.startsWith("/metadata/instance")));
    t.notRegex(await root("cat", "/etc/passwd"), /^azureuser:/m, "no account beside the administrator's");
  } finally {
    await azure.close();
  }
}
