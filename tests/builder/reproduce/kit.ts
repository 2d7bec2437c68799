import { type BuildRecord, recordedRecipe } from "../../../builder/evidence/record.ts";
import { RECIPE } from "../recipe/sample.ts";

/** A small record, whole in all its parts. */
export function record(): BuildRecord {
  return {
    format: 2,
    version: "1.0.0",
    base: "debian-13",
    epoch: 1_767_225_600,
    artifacts: [{ file: "postern-1.0.0-debian-13-amd64.ova", size: 1000, sha256: "1".repeat(64) }],
    stages: [
      {
        id: "base",
        key: "2".repeat(64),
        needs: [],
        inputs: {
          mirror: "default",
          mmdebstrap: "1.3.5",
          "base code": "a".repeat(64),
          "package versions": "d".repeat(64),
        },
        files: [{ name: "root.tar", size: 100, digest: `sha256:${"3".repeat(64)}` }],
      },
      {
        id: "seal",
        key: "4".repeat(64),
        needs: ["base"],
        inputs: { epoch: "1767225600" },
        files: [{ name: "root.tar", size: 90, digest: `blocks:${"5".repeat(64)}` }],
      },
    ],
    tools: { node: "24.21.0", mmdebstrap: "1.3.5", mke2fs: "1.47.0" },
    packages: [
      { name: "squid", version: "6.13", sha256: "6".repeat(64) },
      { name: "ufw", version: "0.36" },
    ],
    recipe: {
      ...recordedRecipe(RECIPE),
      settings: "answers.yaml",
      keyring: "keys.gpg",
      packages: ["nano"],
      overlays: ["own"],
      epoch: 1_767_225_600,
      signed: true,
    },
  };
}
