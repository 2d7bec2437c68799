/** Any settings that may be applied. */
export { anySettings as settingsArbitrary } from "../settings/fixtures.ts";
