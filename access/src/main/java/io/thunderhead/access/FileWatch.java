package io.thunderhead.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files again and again and has what changed reloaded. Files that belong together are
 * seldom replaced in one instant, so a change is taken once two looks have seen the same; what
 * can't be taken is said once and leaves the old in force.
 */
final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  private final List<Watched> watched = new ArrayList<>();
  private final Duration every;
  private final Consumer<Boolean> reloaded;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watcher;

  /** The watcher's alone. */
  private static final class Watched {
    private final Reloadable what;
    private String taken;
    private @Nullable String seen;

    Watched(Reloadable what) {
      this.what = what;
      this.taken = print(what.files());
    }
  }

  /**
   * @param reloaded told of each reload whether it was taken
   */
  FileWatch(List<? extends Reloadable> what, Duration every, Consumer<Boolean> reloaded) {
    what.forEach(each -> watched.add(new Watched(each)));
    this.every = every;
    this.reloaded = reloaded;
    this.watcher = Thread.ofPlatform().daemon().name("access-files").unstarted(this::watch);
    if (!watched.isEmpty()) {
      watcher.start();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        watched.forEach(this::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Watched one) {
    String now = print(one.what.files());
    if (!now.equals(one.taken) && now.equals(one.seen)) {
      one.taken = now; // Also if it fails: the same bytes would fail again.
      try {
        one.what.reload();
        LOG.info("Taken anew: {}", one.what.files());
        reloaded.accept(true);
      } catch (RuntimeException e) {
        LOG.warn("{} changed and can't be taken; the old stays: {}", one.what.files(), text(e));
        reloaded.accept(false);
      }
    }
    one.seen = now;
  }

  private static String text(RuntimeException e) {
    return e instanceof IllegalArgumentException
        ? String.valueOf(e.getMessage())
        : e.getClass().getName();
  }

  /** What the files hold, as a hash; a file that can't be read counts as one with other bytes. */
  private static String print(List<Path> files) {
    MessageDigest digest = sha256();
    for (Path file : files) {
      try {
        digest.update(Files.readAllBytes(file));
      } catch (IOException e) {
        digest.update((byte) 1);
      }
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }
}
