/**
 * Where clouds answer a machine about itself, with its keys and secrets: closed to everything but the few programs
 * that need it. All of link-local is among them, since AWS, Azure, Google and Oracle answer at 169.254.169.254 and
 * others beside it.
 */
export const METADATA = [
  "169.254.0.0/16",
  // Azure's wire server: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  "168.63.129.16/32",
  // Alibaba: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
  "100.100.100.200/32",
  // AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
  "fd00:ec2::254/128",
  // Google: https://cloud.google.com/compute/docs/metadata/querying-metadata
  "fd20:ce::254/128",
  // Scaleway: https://www.scaleway.com/en/docs/instances/how-to/use-cloud-init/
  "fd00:42::42/128",
  "fe80::/10",
] as const;

/**
 * What cloud-init asks as root on Azure, at every start: the metadata service, and the wire server that the machine
 * reports to; 32526 is the part of it that answers about extensions.
 */
export const AZURE = [
  { to: "169.254.169.254/32", ports: [80] },
  { to: "168.63.129.16/32", ports: [80, 32526] },
] as const;
