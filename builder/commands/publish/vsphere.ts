import { basename, resolve } from "node:path";
import { type Problem, problemsError } from "../../../appliance/settings/problem.ts";
import { PosternError } from "../../error.ts";
import { bytesText } from "../../host/text.ts";
import { chooseReporter } from "../../pipeline/report/choose.ts";
import { progressFor } from "../../pipeline/report/progress.ts";
import { checkedImage } from "../../publish/checked.ts";
import { findGovc, govcAt } from "../../publish/vsphere/govc.ts";
import { checkProperties, SETTINGS_PROPERTY, settingsProperty } from "../../publish/vsphere/properties.ts";
import { publishToVsphere } from "../../publish/vsphere/publish.ts";
import { scriptText } from "../../publish/vsphere/script.ts";
import { wishText } from "../../publish/vsphere/words.ts";
import type { Call, Command } from "../command.ts";
import { hasFlag, textFlag } from "../flags.ts";
import { settingsFileText } from "./settingsfile.ts";
import { VSPHERE_FLAGS, vsphereWish } from "./vspherewish.ts";

/** Brings the OVA for vSphere into a content library, or makes a virtual machine of it, by govc. */
export const publishVsphereCommand: Command = {
  flags: VSPHERE_FLAGS,
  words: { most: 1, what: "OVA or folder" },
  run: publish,
};

const ENDING = "-vsphere.ova";

async function publish({ words, flags, world, signal }: Call): Promise<number> {
  const problems: Problem[] = [];
  const asked = vsphereWish(flags, problems);
  if (problems.length > 0)
    throw problemsError(
      "input.flags",
      "postern publish vsphere",
      problems,
      "./postern publish vsphere --help",
    );
  const named = textFlag(flags, "--settings");
  const settingsFile = named === undefined ? undefined : resolve(world.cwd, named);
  const properties = new Map(asked.properties);
  if (settingsFile !== undefined)
    properties.set(SETTINGS_PROPERTY, settingsProperty(await settingsFileText(settingsFile), settingsFile));
  const { hasHash } = checkProperties(properties);

  const reporter = chooseReporter(false, world.stdout, world.stderr, world.env.TERM);
  const progress = progressFor(reporter, "publish");
  try {
    const image = await checkedImage(resolve(world.cwd, words[0] ?? "dist"), ENDING, signal, progress);
    const wish = asked.wishFor(image.path, basename(image.name, ".ova"), properties);
    world.stderr.write(wishText(wish, { size: bytesText(image.size), settingsFile, hasHash }));
    if (!image.isCompared) progress.note(`no sum lies beside ${image.name} to compare it with`);
    if (hasFlag(flags, "--dry-run")) {
      world.stdout.write(scriptText(wish, settingsFile));
      return 0;
    }
    const program = await findGovc(world.env.PATH);
    if (program === undefined) {
      world.stdout.write(scriptText(wish, settingsFile));
      throw new PosternError({
        code: "host.govc",
        message: "govc is not on this host, and nothing was done",
        hint: "Put govc into PATH, or run the commands above where it is; docs/publish-vsphere.md.",
      });
    }
    if (world.env.GOVC_URL === undefined || world.env.GOVC_URL === "") {
      throw new PosternError({
        code: "input.vsphere",
        message: "GOVC_URL does not say which vCenter or ESXi host is meant",
        hint: "export GOVC_URL=vcenter.example.com GOVC_USERNAME=... GOVC_PASSWORD=...; --dry-run asks no server.",
      });
    }
    const machine = await publishToVsphere(wish, govcAt(program, signal), image.size, progress);
    world.stdout.write(machine === undefined ? `${wish.library?.item}\n` : `${machine}\n`);
    return 0;
  } finally {
    reporter.close();
  }
}
