package io.thunderhead.access;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A client's own token, from the first line of a file. Never printed. */
public final class OwnToken implements Reloadable {
  private final String setting;
  private final Path file;
  private volatile String authorization = "";

  private OwnToken(String setting, Path file) {
    this.setting = setting;
    this.file = file;
    reload();
  }

  /**
   * Reads the file.
   *
   * @param setting what messages call it
   * @throws IllegalArgumentException if there is no token in it
   */
  public static OwnToken load(String setting, Path file) {
    return new OwnToken(setting, file);
  }

  String authorization() {
    return authorization;
  }

  @Override
  public List<Path> files() {
    return List.of(file);
  }

  @Override
  public void reload() {
    String text = new String(Pem.bytes(setting, file), StandardCharsets.ISO_8859_1);
    String line = Authorization.of(text.lines().findFirst().orElse("").strip());
    if (Authorization.token(line).length == 0) {
      throw new IllegalArgumentException(
          "%s: the first line of %s must be a token of 1 to %d printable ASCII characters"
              .formatted(setting, file, Tokens.MAX_TOKEN_BYTES));
    }
    authorization = line;
  }
}
