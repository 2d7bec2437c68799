import type Joi from "joi";
import * as fields from "../fields.ts";
import * as places from "../placefields.ts";
import { text } from "./parts.ts";

/*
 * The kinds of text, each with a pattern for editors that know JSON Schema. The pattern is wider than the
 * parser: a text that the parser takes always fits it.
 */

const SIZED = "^\\s*[0-9A-Fa-f.:]+(\\s*/\\s*[0-9]+|\\s+[0-9.]+)\\s*$";
const ADDRESS = "^[0-9A-Fa-f.:]+$";

export const hostName = (): Joi.StringSchema => text(fields.hostName, "^[A-Za-z0-9.-]{1,253}$");
export const macAddress = (): Joi.StringSchema =>
  text(fields.macAddress, "^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$");
export const machineAddress = (): Joi.StringSchema => text(fields.machineAddress, SIZED);
export const machineAddress6 = (): Joi.StringSchema => text(places.machineAddress6, SIZED);
export const peerAddress = (): Joi.StringSchema => text(fields.peerAddress, ADDRESS);
export const router6 = (): Joi.StringSchema => text(places.router6, ADDRESS);
export const routeTarget = (): Joi.StringSchema => text(places.routeTarget, SIZED);
export const openTo = (): Joi.StringSchema => text(fields.openTo, SIZED);
export const privateNetwork = (): Joi.StringSchema => text(places.privateNetwork, SIZED);
export const label = (): Joi.StringSchema =>
  text(fields.label, "^[\\p{L}\\p{N}][\\p{L}\\p{N} ._+&/()\\-]{0,39}$");
export const sshKey = (): Joi.StringSchema => text(fields.sshKey, "^\\s*(ssh|ecdsa|sk)-[^\\r\\n]*\\s*$");
export const passwordHash = (): Joi.StringSchema => text(fields.passwordHash, "^\\$[y6]\\$");
export const workspace = (): Joi.StringSchema => text(fields.workspace, "^[A-Za-z0-9-]{1,54}$");
/** A name or an address. */
export const peerName = (): Joi.StringSchema => text(fields.timeServer, "^[A-Za-z0-9.:-]{1,253}$");
export const destinationName = (): Joi.StringSchema =>
  text(places.destinationName, "^(\\*?\\.)?[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$");
export const broadName = (): Joi.StringSchema =>
  text(places.broadName, "^(\\*?\\.)?[A-Za-z0-9*-]+(\\.[A-Za-z0-9-]+)+$");
export const catalogueKey = (): Joi.StringSchema =>
  text(places.catalogueKey, "^\\s*ssh-ed25519 [^\\r\\n]*\\s*$");
export const timeZone = (): Joi.StringSchema => text(places.timeZone, "^[A-Za-z0-9_+/-]{1,64}$");
export const xkbName = (): Joi.StringSchema => text(places.xkbName, "^[A-Za-z][A-Za-z0-9_-]{0,31}$");
export const mirrorUrl = (): Joi.StringSchema => text(places.mirrorUrl, "^https?://");
export const updateWindow = (): Joi.StringSchema =>
  text(places.updateWindow, "^\\s*([A-Za-z]{3}(,[A-Za-z]{3})* )?[0-9:]{5}-[0-9:]{5}\\s*$");
export const pemCertificates = (): Joi.StringSchema =>
  text(places.pemCertificates, "-----BEGIN CERTIFICATE-----");
