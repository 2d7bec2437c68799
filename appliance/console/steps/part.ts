/** The lines of the review. */
export type Part =
  | "keyboard"
  | "network"
  | "network-more"
  | "clients"
  | "admin"
  | "defender"
  | "time"
  | "name"
  | "proxy"
  | "logging"
  | "updates";
