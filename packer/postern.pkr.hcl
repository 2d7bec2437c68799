# Boots the base's disk once, lets cloud-init lay the overlays on it, asks every check, and takes the tree
# out through a second disk. Works with Packer 1.6.6 and newer; newer ones read plugins.pkr.hcl beside it.

variable "disk" {
  description = "qcow2 to boot, backed by the base's disk: Packer copies it, which costs nothing that way"
  type        = string
}
variable "seed" {
  description = "NoCloud seed, a FAT image labelled CIDATA"
  type        = string
}
variable "export" {
  description = "Empty raw image that the root tree leaves on, as a tar"
  type        = string
}
variable "output" {
  description = "Folder for the copy; must not exist"
  type        = string
}
variable "answers" {
  description = "File for the checks' answers"
  type        = string
}
variable "cloud_status" {
  description = "File for cloud-init's own status"
  type        = string
}
variable "serial_log" {
  description = "File for the serial console"
  type        = string
}
variable "key" {
  description = "Private key of the build user"
  type        = string
}
variable "user" {
  type = string
}
variable "seed_mount" {
  type = string
}
variable "accelerator" {
  type = string
}
variable "cpu" {
  type = string
}
variable "cpus" {
  type = number
}
variable "memory" {
  description = "MiB"
  type        = number
}
variable "epoch" {
  description = "SOURCE_DATE_EPOCH: newer file times are clamped to it"
  type        = number
}

source "qemu" "appliance" {
  accelerator      = var.accelerator
  disk_image       = true
  iso_url          = var.disk
  iso_checksum     = "none"
  format           = "qcow2"
  machine_type     = "q35"
  skip_resize_disk = true
  output_directory = var.output
  vm_name          = "disk.qcow2"
  headless         = true
  qemu_binary      = "qemu-system-x86_64"
  # Nothing is typed, so nothing is waited for.
  boot_wait            = "1s"
  communicator         = "ssh"
  ssh_username         = var.user
  ssh_private_key_file = var.key
  ssh_timeout          = "15m"
  # The tree has left already and the disk is thrown away: nothing is worth an orderly stop.
  shutdown_command     = "sudo systemctl poweroff -ff"
  shutdown_timeout     = "5m"
  qemuargs = [
    ["-cpu", "${var.cpu}"],
    ["-smp", "${var.cpus}"],
    ["-m", "${var.memory}M"],
    # Naming one drive replaces Packer's own, so all three are named.
    ["-drive", "file={{ .OutputDir }}/{{ .Name }},if=virtio,format=qcow2,cache=unsafe,discard=unmap"],
    ["-drive", "file=${var.seed},if=virtio,format=raw,readonly=on"],
    ["-drive", "file=${var.export},if=virtio,format=raw,cache=unsafe"],
    # The VM reaches nothing; the host reaches its SSH.
    ["-netdev", "user,id=user.0,restrict=on,hostfwd=tcp:127.0.0.1:{{ .SSHHostPort }}-:22"],
    ["-device", "virtio-net-pci,netdev=user.0"],
    ["-object", "rng-random,id=rng0,filename=/dev/urandom"],
    ["-device", "virtio-rng-pci,rng=rng0"],
    ["-serial", "file:${var.serial_log}"],
  ]
}

build {
  sources = ["source.qemu.appliance"]

  provisioner "shell" {
    # /tmp is mounted noexec.
    execute_command = "sh {{ .Path }}"
    # 2 means it got over something; the status file says what, and the builder judges it.
    valid_exit_codes = [0, 2]
    inline = [
      "sudo cloud-init status --wait >/dev/null || true",
      "sudo cloud-init status --long --format json | sudo tee /run/postern-cloud-status.json >/dev/null || true",
      "sudo chmod 0644 /run/postern-cloud-status.json",
    ]
  }

  provisioner "file" {
    direction   = "download"
    source      = "/run/postern-cloud-status.json"
    destination = var.cloud_status
  }

  provisioner "shell" {
    execute_command = "sh {{ .Path }}"
    inline = [
      "sudo /usr/lib/postern/node ${var.seed_mount}/run-checks.mjs ${var.seed_mount}/checks.json /run/postern-answers.json",
      "sudo chmod 0644 /run/postern-answers.json",
    ]
  }

  provisioner "file" {
    direction   = "download"
    source      = "/run/postern-answers.json"
    destination = var.answers
  }

  provisioner "shell" {
    execute_command = "sh {{ .Path }}"
    # /var/log is a file system of its own, hence named.
    # 1: a file changed while it was read (a log, the journal); all such files leave at the sealing.
    valid_exit_codes = [0, 1]
    inline = [
      "sudo tar --create --file /dev/vdc --one-file-system --sort=name --format=posix --pax-option='exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime' --mtime=@${var.epoch} --clamp-mtime --xattrs --xattrs-include='*' --acls --numeric-owner --blocking-factor=2048 --directory / . ./var/log",
    ]
  }
}
