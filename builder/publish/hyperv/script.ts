import { readFile } from "node:fs/promises";
import Mustache from "mustache";
import { type PowerShellValue, powerShellLiteral } from "./powershell.ts";
import type { HypervWish } from "./wish.ts";

/** The script that brings a zip to a Hyper-V host and makes the machine there, by the script inside the zip. */
export async function hypervScript(wish: HypervWish): Promise<string> {
  const template = await readFile(new URL("deploy.ps1.mustache", import.meta.url), "utf8");
  const view = {
    host: wish.host,
    user: wish.user === undefined ? [] : [{ user: wish.user }],
    zip: wish.zip.name,
    sha256: wish.zip.sha256.toUpperCase(),
    parameters: Object.entries(importParameters(wish)).map(([name, value]) => ({ name, value })),
  };
  return Mustache.render(template, view, {}, { escape: powerShellLiteral });
}

/** The parameters of Import-Postern.ps1. */
export function importParameters(wish: HypervWish): Record<string, PowerShellValue> {
  return {
    SwitchName: wish.switchName,
    Name: wish.name,
    ...(wish.path === undefined ? {} : { Path: wish.path }),
    ProcessorCount: wish.cpus,
    MemoryStartupBytes: wish.memoryGb * 2 ** 30,
    ...(wish.generation === 1 ? { Generation1: true } : {}),
    ...(wish.start ? { Start: true } : {}),
    ...(wish.whatIf ? { WhatIf: true } : {}),
  };
}
