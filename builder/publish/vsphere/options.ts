import { OVF_SETTINGS } from "../../../appliance/intake/ovfproperties.ts";
import type { MachineWish } from "./wish.ts";

/** The name of the only network in our OVF. */
export const OVF_NETWORK = "VM Network";

/**
 * What `govc import.ova -options` and `govc library.deploy -options` read
 * (https://github.com/vmware/govmomi/blob/main/ovf/importer/options.go).
 */
export interface GovcOptions {
  Deployment: string;
  DiskProvisioning: string;
  NetworkMapping: { Name: string; Network: string }[];
  PropertyMapping: { Key: string; Value: string }[];
  PowerOn: boolean;
  /** ESXi alone keeps no properties: govc writes them where the machine's tools find them. */
  InjectOvfEnv: boolean;
  WaitForIP: boolean;
  Name: string;
}

/** Properties in the OVF's order; those without a value are left as the OVF has them. */
export function govcOptions(machine: MachineWish): GovcOptions {
  return {
    Deployment: machine.size,
    DiskProvisioning: machine.disk,
    NetworkMapping: [{ Name: OVF_NETWORK, Network: machine.network }],
    PropertyMapping: OVF_SETTINGS.flatMap(({ key }) => {
      const value = machine.properties.get(key);
      return value === undefined || value === "" ? [] : [{ Key: key, Value: value }];
    }),
    PowerOn: machine.powerOn,
    InjectOvfEnv: machine.onEsxi,
    WaitForIP: false,
    Name: machine.name,
  };
}
