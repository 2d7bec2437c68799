import type { GuidePage } from "../clients/guide.ts";
import { PROXY_PORT } from "../paths.ts";
import type { Settings } from "../settings/settings.ts";
import type { System } from "../system/system.ts";
import type { CheckContext } from "./check.ts";
import type { ServiceTest as Tested } from "./services.ts";

/** How one Defender service answered, as far as a screen shows it. */
export type ServiceTest = Omit<Tested, "tested">;

export type TestServices = (context: CheckContext) => Promise<readonly ServiceTest[]>;

/** What the status screen loads only when somebody asks for it; tests give other parts. */
export interface Parts {
  testServices(): Promise<TestServices>;
  /** What to set on the clients, with this machine's own address; undefined while it has none. */
  clientPages(
    system: System,
    settings: Settings,
  ): Promise<readonly Pick<GuidePage, "title" | "lines">[] | undefined>;
}

export const PARTS: Parts = {
  testServices: async () => (await import("./services.ts")).testServices,
  async clientPages(system, settings) {
    const [{ ownAddress }, { clientGuide }, { clientTests }, { catalogueInUse }] = await Promise.all([
      import("../clients/address.ts"),
      import("../clients/guide.ts"),
      import("../clients/tests.ts"),
      import("../endpoints/installed.ts"),
    ]);
    const address = await ownAddress(system, settings);
    if (address === undefined) return undefined;
    const { cloud, workspaces } = settings.defender;
    const tests = clientTests(settings.defender, (await catalogueInUse(system.paths)).catalogue);
    return clientGuide({ address, port: PROXY_PORT, cloud, workspaces, tests });
  },
};
