variable "datacenter" {
  type = string
}

variable "cluster" {
  type = string
}

variable "datastore" {
  type = string
}

variable "network" {
  type        = string
  description = "The network that your servers can reach."
}

variable "library" {
  type        = string
  description = "The content library that holds the OVA: ./postern publish vsphere --library NAME"
}

variable "item" {
  type        = string
  description = "Name of the item in it, such as postern-1.0.0-debian-13-amd64-vsphere."
}

variable "settings_file" {
  type        = string
  default     = "settings.yaml"
  description = "Settings that all machines share: docs/settings.md"
}

variable "size" {
  type    = object({ cpus = number, memory_mb = number })
  default = { cpus = 2, memory_mb = 2048 }
}

variable "machines" {
  type        = map(object({ address = string, gateway = string, dns = string }))
  description = "Name of each machine and its address with prefix."
}
