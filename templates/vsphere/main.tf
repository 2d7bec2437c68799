# Appliances from a content library: docs/publish-vsphere.md

data "vsphere_datacenter" "this" {
  name = var.datacenter
}

data "vsphere_compute_cluster" "this" {
  name          = var.cluster
  datacenter_id = data.vsphere_datacenter.this.id
}

data "vsphere_datastore" "this" {
  name          = var.datastore
  datacenter_id = data.vsphere_datacenter.this.id
}

data "vsphere_network" "this" {
  name          = var.network
  datacenter_id = data.vsphere_datacenter.this.id
}

data "vsphere_content_library" "this" {
  name = var.library
}

data "vsphere_content_library_item" "this" {
  name       = var.item
  type       = "ovf"
  library_id = data.vsphere_content_library.this.id
}

resource "vsphere_virtual_machine" "proxy" {
  for_each = var.machines

  name             = each.key
  resource_pool_id = data.vsphere_compute_cluster.this.resource_pool_id
  datastore_id     = data.vsphere_datastore.this.id

  num_cpus  = var.size.cpus
  memory    = var.size.memory_mb
  guest_id  = "debian11_64Guest"
  firmware  = "efi"
  scsi_type = "pvscsi"

  efi_secure_boot_enabled = true

  network_interface {
    network_id   = data.vsphere_network.this.id
    adapter_type = "vmxnet3"
  }

  disk {
    label            = "disk0"
    size             = 16
    thin_provisioned = true
  }

  # vCenter hands the properties over by a CD or by the tools.
  cdrom {
    client_device = true
  }

  clone {
    template_uuid = data.vsphere_content_library_item.this.id
  }

  # Readable in vCenter as long as the machine is there: no password, and a hash only if you must.
  vapp {
    properties = {
      "postern.settings" = filebase64(var.settings_file)
      "postern.hostname" = each.key
      "postern.address"  = each.value.address
      "postern.gateway"  = each.value.gateway
      "postern.dns"      = each.value.dns
    }
  }

  # The appliance takes settings once. What is changed here later is not for the machines that are there.
  lifecycle {
    ignore_changes = [vapp, clone]
  }
}

output "proxies" {
  value = { for name, machine in vsphere_virtual_machine.proxy : name => machine.default_ip_address }
}
