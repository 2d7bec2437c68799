import { createServer, type RequestListener } from "node:http";
import { METADATA_ADDRESS, WIRE_ADDRESS } from "./addresses.ts";
import { endServer, listenOn } from "./servers.ts";

/*
 * A local double of what Azure offers a machine that starts: the metadata service
 * (https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service), and the wire server that hears
 * when it is ready (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */

/** The asset tag of every Azure machine's chassis, by which cloud-init knows where it is. */
export const AZURE_ASSET_TAG = "7783-7084-3265-9085-8269-3286-77";

/** What the machine and the metadata service both say that it is. */
export const AZURE_VM_ID = "02aab8a4-74ef-476e-8182-f6d2ba4166a6";

export interface AzureMachine {
  hostname: string;
  /** The account that the portal asks for. */
  user: string;
  mac: string;
  address: string;
}

export interface Azure {
  /** What the machine reported about itself. */
  readonly reports: readonly string[];
  /** Every path that was asked. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Starts both services. */
export async function startAzure(machine: AzureMachine): Promise<Azure> {
  const reports: string[] = [];
  const asked: string[] = [];
  const metadata = createServer((request, response) => {
    asked.push(request.url ?? "");
    const isAllowed = request.headers.metadata === "true" && request.url?.startsWith("/metadata/instance");
    response.writeHead(isAllowed ? 200 : 400, { "content-type": "application/json" });
    response.end(isAllowed ? JSON.stringify(instanceOf(machine)) : "{}");
  });
  const answerWire: RequestListener = (request, response) => {
    asked.push(request.url ?? "");
    let body = "";
    request.on("data", (bytes: Buffer) => {
      body += bytes.toString();
    });
    request.on("end", () => {
      if (request.method === "POST") reports.push(body);
      response.writeHead(200, { "content-type": "text/xml" });
      response.end(request.method === "POST" ? "" : GOAL_STATE);
    });
  };
  const wire = createServer(answerWire);
  await Promise.all([listenOn(metadata, 80, METADATA_ADDRESS), listenOn(wire, 80, WIRE_ADDRESS)]);
  return {
    reports,
    asked,
    async close() {
      await Promise.all([metadata, wire].map(endServer));
    },
  };
}

/** `ovf-env.xml` on the disc that Azure lays in for a machine's first start. */
export function provisioningText({ hostname, user }: AzureMachine, customData: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:wa="http://schemas.microsoft.com/windowsazure">
  <wa:ProvisioningSection>
    <wa:Version>1.0</wa:Version>
    <LinuxProvisioningConfigurationSet xmlns="http://schemas.microsoft.com/windowsazure">
      <ConfigurationSetType>LinuxProvisioningConfiguration</ConfigurationSetType>
      <HostName>${hostname}</HostName>
      <UserName>${user}</UserName>
      <DisableSshPasswordAuthentication>true</DisableSshPasswordAuthentication>
      <CustomData>${Buffer.from(customData).toString("base64")}</CustomData>
    </LinuxProvisioningConfigurationSet>
  </wa:ProvisioningSection>
  <wa:PlatformSettingsSection>
    <wa:Version>1.0</wa:Version>
    <PlatformSettings xmlns="http://schemas.microsoft.com/windowsazure">
      <ProvisionGuestAgent>false</ProvisionGuestAgent>
      <PreprovisionedVm>false</PreprovisionedVm>
    </PlatformSettings>
  </wa:PlatformSettingsSection>
</Environment>
`;
}

function instanceOf({ hostname, user, mac, address }: AzureMachine) {
  return {
    compute: {
      azEnvironment: "AzurePublicCloud",
      location: "westeurope",
      name: hostname,
      vmId: AZURE_VM_ID,
      osProfile: { computerName: hostname, adminUsername: user, disablePasswordAuthentication: "true" },
      publicKeys: [],
    },
    extended: { compute: { hasCustomData: "true", ppsType: "None" } },
    network: {
      interface: [
        {
          macAddress: mac.replaceAll(":", "").toUpperCase(),
          ipv4: {
            ipAddress: [{ privateIpAddress: address, publicIpAddress: "" }],
            subnet: [{ address: address.replace(/\d+$/, "0"), prefix: "24" }],
          },
          ipv6: { ipAddress: [] },
        },
      ],
    },
  };
}

const GOAL_STATE = `<?xml version="1.0" encoding="utf-8"?>
<GoalState>
  <Version>2012-11-30</Version>
  <Incarnation>1</Incarnation>
  <Machine><ExpectedState>Started</ExpectedState></Machine>
  <Container>
    <ContainerId>6d1a7f2e-0a0f-4f4e-9d5c-5d4e0f1b7a11</ContainerId>
    <RoleInstanceList><RoleInstance><InstanceId>8f0c3f0a-postern</InstanceId></RoleInstance></RoleInstanceList>
  </Container>
</GoalState>
`;
