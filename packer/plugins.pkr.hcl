# Packer 1.7 and newer take builders from plugins; 1.6 carries its own and does not know this block, which
# is why it lies in a file of its own.
packer {
  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = ">= 1.1.0"
    }
  }
}
