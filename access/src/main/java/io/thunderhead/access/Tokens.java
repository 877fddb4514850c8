package io.thunderhead.access;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The callers that a server knows, by the hash of their token. A token is compared only as its
 * SHA-256, with every hash of the file and each whole, so that time tells nothing. A fast hash is
 * enough because tokens are random and long, not words that somebody chose.
 *
 * <pre>
 * # caller      SHA-256 of the token, hexadecimal                                   requests a second
 * home-timeline 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08    rate=2000
 * home-timeline 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752    rate=2000
 * dashboards    fd61a03af4f77d870fc21e05e7e80678095c92d808cfb3b5c279ee04c74aca13
 * </pre>
 *
 * <p>A caller may have several, the old and the new one while they are exchanged; they share one
 * quota.
 */
public final class Tokens implements Reloadable {
  /** Tokens longer than this are not hashed. */
  static final int MAX_TOKEN_BYTES = 512;

  private static final int MAX_TOKENS = 1_000;
  private static final int MAX_RATE = 10_000_000;
  private static final Pattern LINE =
      Pattern.compile("([\\w.:@/-]{1,64})\\s+([0-9a-fA-F]{64})(?:\\s+rate=(\\d{1,8}))?");

  private final String setting;
  private final Path file;
  private volatile Known known = new Known(List.of(), Map.of());

  @SuppressWarnings("ArrayRecordComponent") // Compared by MessageDigest alone.
  private record Entry(byte[] hash, Caller caller) {}

  private record Known(List<Entry> entries, Map<String, Caller> callers) {}

  /** Somebody who may call; the bucket is null where there is no quota. */
  private record Caller(String name, int rate, @Nullable Bucket bucket) {
    static Caller of(String name, int rate) {
      return new Caller(
          name,
          rate,
          rate == 0
              ? null
              : Bucket.builder()
                  .addLimit(limit -> limit.capacity(rate).refillGreedy(rate, Duration.ofSeconds(1)))
                  .build());
    }
  }

  /** What came of looking at a token. */
  public sealed interface Verdict {}

  /** Come in. */
  public record Welcome(String caller) implements Verdict {}

  /**
   * No. The reason is a metric's label; the words are the caller's.
   *
   * @param reason {@code token_missing}, {@code token_malformed} or {@code token_unknown}
   */
  public record Stranger(String reason, String words) implements Verdict {}

  /** Known, and too often here. */
  public record OverQuota(String caller, int rate, long waitMs) implements Verdict {}

  private Tokens(String setting, Path file) {
    this.setting = setting;
    this.file = file;
    reload();
  }

  /**
   * Reads the file.
   *
   * @param setting what messages call it
   * @throws IllegalArgumentException if it can't be read, is wrong somewhere or knows nobody
   */
  public static Tokens load(String setting, Path file) {
    return new Tokens(setting, file);
  }

  @Override
  public List<Path> files() {
    return List.of(file);
  }

  @Override
  public void reload() {
    String text = new String(Pem.bytes(setting, file), StandardCharsets.UTF_8);
    Map<String, Caller> before = known.callers();
    Map<String, Caller> callers = new HashMap<>();
    List<Entry> entries = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String words = line.replaceFirst("(^|\\s)#.*", "").strip();
      if (!words.isEmpty()) {
        entries.add(entry(words, number, before, callers));
      }
    }
    if (entries.isEmpty() || entries.size() > MAX_TOKENS) {
      throw new IllegalArgumentException(
          "%s: %s must hold 1 to %d tokens, not %d"
              .formatted(setting, file, MAX_TOKENS, entries.size()));
    }
    known = new Known(List.copyOf(entries), Map.copyOf(callers));
  }

  private Entry entry(
      String words, int number, Map<String, Caller> before, Map<String, Caller> callers) {
    Matcher matcher = LINE.matcher(words);
    if (!matcher.matches()) { // Not quoted: somebody may have put a token there.
      throw new IllegalArgumentException(
          "%s: line %d of %s is not NAME SHA-256 [rate=N]".formatted(setting, number, file));
    }
    String name = matcher.group(1);
    int rate = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    if (rate > MAX_RATE) {
      throw new IllegalArgumentException(
          "%s: line %d of %s: rate must be at most %d".formatted(setting, number, file, MAX_RATE));
    }
    Caller kept = before.get(name);
    Caller caller =
        callers.computeIfAbsent(
            name, n -> kept != null && kept.rate() == rate ? kept : Caller.of(n, rate));
    if (caller.rate() != rate) {
      throw new IllegalArgumentException(
          "%s: line %d of %s gives %s another rate".formatted(setting, number, file, name));
    }
    byte[] hash = HexFormat.of().parseHex(matcher.group(2).toLowerCase(Locale.ROOT));
    return new Entry(hash, caller);
  }

  /** Looks at a gRPC call's or an HTTP request's authorization, and takes it off the quota. */
  Verdict call(@Nullable String authorization) {
    return look(authorization, true);
  }

  /**
   * Looks at an HTTP request's authorization: a bearer token, or, for browsers, a password with any
   * user name. No quota.
   */
  public Verdict visit(@Nullable String authorization) {
    return look(Authorization.bearer(authorization), false);
  }

  private Verdict look(@Nullable String authorization, boolean counted) {
    if (authorization == null || authorization.isEmpty()) {
      return new Stranger("token_missing", "a bearer token is needed");
    }
    byte[] token = Authorization.token(authorization);
    if (token.length == 0) {
      return new Stranger("token_malformed", "the authorization is no bearer token");
    }
    Caller caller = find(FileWatch.sha256().digest(token));
    if (caller == null) {
      return new Stranger("token_unknown", "the bearer token is not known");
    }
    Bucket bucket = counted ? caller.bucket() : null;
    if (bucket != null) {
      ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        long waitMs = Duration.ofNanos(probe.getNanosToWaitForRefill()).toMillis() + 1;
        return new OverQuota(caller.name(), caller.rate(), waitMs);
      }
    }
    return new Welcome(caller.name());
  }

  private @Nullable Caller find(byte[] hash) {
    Caller found = null;
    for (Entry entry : known.entries()) {
      if (MessageDigest.isEqual(entry.hash(), hash)) {
        found = entry.caller(); // And on to the end.
      }
    }
    return found;
  }
}
