import type { CommandGroup } from "./command.ts";

/** Brings images to a platform. Each platform is a command of its own, loaded when it is called. */
export const publishCommand: CommandGroup = {
  what: "platform",
  members: {
    azure: async () => (await import("./publish/azure.ts")).publishAzureCommand,
    vsphere: async () => (await import("./publish/vsphere.ts")).publishVsphereCommand,
    hyperv: async () => (await import("./publish/hyperv.ts")).publishHypervCommand,
  },
};
