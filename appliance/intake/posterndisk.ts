/** What is on a disk, stick or CD labelled POSTERN. */
export interface PosternDisk {
  /** `/dev/sdb1` */
  device: string;
  /** The text of `settings.yaml`, where there is one. */
  settings?: string;
  /** The text of `install.yaml`, which the installation medium asks for. */
  install?: string;
  /** SSH public keys of `authorized_keys` and `*.pub`, each once. */
  keys: readonly string[];
  /** Exports of machines, by name, where there are any. */
  exports?: readonly ExportOnDisk[];
  /** The first line of the file `passphrase`, where there is one. */
  passphrase?: string;
  /** What could not be read, in words. */
  notes: readonly string[];
}

export interface ExportOnDisk {
  /** Of the file. */
  name: string;
  text: string;
}
