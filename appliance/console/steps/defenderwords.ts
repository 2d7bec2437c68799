import type { Cloud, Region } from "../../settings/settings.ts";

export const CLOUD_NAMES: Readonly<Record<Cloud, string>> = {
  commercial: "Commercial",
  gcc: "GCC",
  "gcc-high": "GCC High",
  dod: "DoD",
};

export const REGION_NAMES: Readonly<Record<Region, string>> = {
  us: "United States",
  eu: "Europe",
  uk: "United Kingdom",
  au: "Australia",
  uae: "United Arab Emirates",
};
