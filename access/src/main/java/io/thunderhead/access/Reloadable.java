package io.thunderhead.access;

import java.nio.file.Path;
import java.util.List;

/** Something read from files that is taken anew when they change, all of them or none. */
interface Reloadable {
  List<Path> files();

  /**
   * Reads the files again. If it throws, everything is as it was.
   *
   * @throws IllegalArgumentException if they can't be taken, saying which and why
   */
  void reload();
}
