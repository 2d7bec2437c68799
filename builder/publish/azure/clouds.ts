/** Where a cloud of Azure's answers. */
export interface CloudHosts {
  /** Resource manager; tokens for it are asked for `<this>/.default`. */
  management: string;
  /** Where one signs in. */
  authority: string;
  /** Behind the name of a storage account. */
  blobSuffix: string;
  /** What `az cloud set --name` calls it. */
  cliName: string;
}

/** https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure and .../china/resources-developer-guide */
export const CLOUDS = {
  public: {
    management: "https://management.azure.com",
    authority: "https://login.microsoftonline.com",
    blobSuffix: "blob.core.windows.net",
    cliName: "AzureCloud",
  },
  "us-government": {
    management: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
    blobSuffix: "blob.core.usgovcloudapi.net",
    cliName: "AzureUSGovernment",
  },
  china: {
    management: "https://management.chinacloudapi.cn",
    authority: "https://login.chinacloudapi.cn",
    blobSuffix: "blob.core.chinacloudapi.cn",
    cliName: "AzureChinaCloud",
  },
} as const satisfies Record<string, CloudHosts>;

export type CloudName = keyof typeof CLOUDS;

export const CLOUD_NAMES = Object.keys(CLOUDS) as CloudName[];
