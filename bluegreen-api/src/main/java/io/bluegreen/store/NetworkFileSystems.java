package io.bluegreen.store;

import java.util.Locale;
import java.util.Set;

/**
 * File systems that other machines write too, or whose server decides on locks and on what is
 * durable. What the store promises does not hold there.
 */
final class NetworkFileSystems {
  private static final Set<String> TYPES =
      Set.of(
          "9p",
          "acfs",
          "afpfs",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "davfs",
          "fuse-overlayfs",
          "gfs",
          "gfs2",
          "glusterfs",
          "gpfs",
          "lustre",
          "macfuse",
          "ncpfs",
          "nfs",
          "nfs4",
          "ocfs2",
          "orangefs",
          "osxfuse",
          "prl_fs",
          "pvfs2",
          "smb2",
          "smb3",
          "smbfs",
          "vboxsf",
          "virtiofs",
          "vmhgfs",
          "webdav");

  private NetworkFileSystems() {}

  /** Whether it is one, by the type that the mount table gives, such as fuse.sshfs. */
  static boolean contains(String type) {
    String name = type.toLowerCase(Locale.ROOT);
    // Behind fuse.* may be anything; fuseblk, a local disk, is something else.
    return TYPES.contains(name) || name.equals("fuse") || name.startsWith("fuse.");
  }

  /** Whether it lives in memory only. */
  static boolean isMemory(String type) {
    return type.equals("tmpfs") || type.equals("ramfs");
  }
}
