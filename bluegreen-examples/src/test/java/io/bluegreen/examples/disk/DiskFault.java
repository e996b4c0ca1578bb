package io.bluegreen.examples.disk;

import java.util.Set;

/** The ways in which a disk can fail. */
enum DiskFault {
  /** Nothing is. */
  NONE("", Set.of()),
  /** One effect of any kind fails (EIO). */
  BROKEN("Input/output error", Set.of(Kind.values())),
  /** Nothing more can be created or written (ENOSPC). */
  FULL("No space left on device", Set.of(Kind.CREATE, Kind.WRITE)),
  /** Nothing at all can be changed (EROFS), as after an error of the file system. */
  READ_ONLY("Read-only file system", Set.of(Kind.CREATE, Kind.WRITE, Kind.RENAME, Kind.DELETE));

  /** What is done to a disk. */
  enum Kind {
    CREATE,
    WRITE,
    FORCE,
    RENAME,
    DELETE
  }

  private final String message;
  private final Set<Kind> kinds;

  DiskFault(String message, Set<Kind> kinds) {
    this.message = message;
    this.kinds = kinds;
  }

  String message() {
    return message;
  }

  boolean strikes(Kind kind, int effect, int from) {
    return kinds.contains(kind) && (this == BROKEN ? effect == from : effect >= from);
  }
}
