import { gunzipSync } from "node:zlib";
import { Document, isMap, isScalar, parseDocument } from "yaml";
import { messageOf } from "../error.ts";
import { isTooDeep, LARGEST } from "../settings/parse.ts";
import { isMime, mimeParts } from "./mime.ts";

/*
 * Settings in cloud-init's user data. The forms are those of
 * https://cloudinit.readthedocs.io/en/latest/explanation/format.html, and two of our own: a text that begins
 * with the line `#postern`, and a part of the type `text/x-postern`. Both are a settings file as it is.
 */

/** Azure takes 64 KiB, VMware a few hundred. Packed data may be this large when it is unpacked. */
export const LARGEST_USER_DATA = 1024 * 1024;

const OUR_TYPE = "text/x-postern";
const OUR_MARK = /^#postern\s*$/m;

/** A settings file in the user data, and what was looked over, in words. */
export interface UserData {
  settings: string | undefined;
  notes: string[];
}

/** Looks for settings in user data. Never throws. */
export function settingsInUserData(bytes: Buffer): UserData {
  const notes: string[] = [];
  try {
    for (const { type, text } of textsOf(unpacked(bytes))) {
      const settings = settingsIn(type, text, notes);
      if (settings !== undefined) return { settings, notes };
    }
  } catch (error) {
    notes.push(`the user data cannot be read: ${messageOf(error)}`);
  }
  return { settings: undefined, notes };
}

interface Text {
  type: string;
  text: string;
}

function textsOf(bytes: Buffer): Text[] {
  if (!isMime(bytes.subarray(0, 256).toString("latin1")))
    return [{ type: "text/plain", text: bytes.toString("utf8") }];
  return mimeParts(bytes).map(({ type, bytes: part }) => ({ type, text: unpacked(part).toString("utf8") }));
}

/** gzip's first two bytes (RFC 1952) tell what is packed. */
function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return gunzipSync(bytes, { maxOutputLength: LARGEST_USER_DATA });
}

function settingsIn(type: string, text: string, notes: string[]): string | undefined {
  const first = text.slice(0, text.indexOf("\n") + 1 || undefined);
  if (type === OUR_TYPE || OUR_MARK.test(first.trimEnd())) return text;
  const mentions = /\bpostern["']?\s*:/.test(text);
  if (!mentions) return undefined;
  if (/^##\s*template:/.test(first)) {
    notes.push(
      "a cloud-config that is a template is not looked into: write /etc/postern/settings.yaml instead",
    );
    return undefined;
  }
  if (type !== "text/cloud-config" && !/^#cloud-config\b/.test(first)) return undefined;
  return inCloudConfig(text, notes);
}

/** The field `postern` of a cloud-config: a map, or a text that is a settings file. */
function inCloudConfig(text: string, notes: string[]): string | undefined {
  if (Buffer.byteLength(text) > LARGEST || isTooDeep(text)) {
    notes.push("a cloud-config that is larger or deeper than any settings is not looked into");
    return undefined;
  }
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    prettyErrors: false,
    logLevel: "silent",
  });
  const broken = document.errors[0];
  if (broken !== undefined) {
    notes.push(`the cloud-config is no YAML: ${broken.message.split("\n")[0]}`);
    return undefined;
  }
  const node = document.get("postern", true);
  if (isScalar(node))
    return typeof node.value === "string" && node.value.trim() !== "" ? node.value : undefined;
  if (!isMap(node)) return undefined;
  return new Document(node, { version: "1.2", schema: "core" }).toString({ lineWidth: 0 });
}
