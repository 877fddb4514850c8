package io.thunderhead.app.cli;

import io.thunderhead.access.ClientAccess;
import io.thunderhead.access.ClientTls;
import io.thunderhead.access.OwnToken;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command shows a gRPC server of ours who it is, and which servers it believes. */
final class ClientAccessFlags {
  /** The authorities that the JVM believes, instead of a file. */
  static final String SYSTEM = "system";

  @Option(
      names = "--server-ca",
      paramLabel = "FILE",
      description =
          "Encrypts, and believes only servers with a certificate of one of these, PEM; system:"
              + " those that the JVM believes.")
  @Nullable String serverCa;

  @Option(
      names = "--server-name",
      paramLabel = "NAME",
      description = "Name that the server's certificate must have, if it is not its address's.")
  @Nullable String serverName;

  @Option(
      names = "--client-certificate",
      paramLabel = "FILE",
      description = "Certificate to show to servers that want one, PEM.")
  @Nullable Path certificate;

  @Option(
      names = "--client-key",
      paramLabel = "FILE",
      description = "Private key of that certificate, PEM (PKCS #8).")
  @Nullable Path key;

  @Option(
      names = "--client-token-file",
      paramLabel = "FILE",
      description = "File whose first line is the bearer token to show to servers.")
  @Nullable Path tokenFile;

  ClientAccess access() {
    if (serverCa == null && (certificate != null || key != null || serverName != null)) {
      throw new IllegalArgumentException(
          "--client-certificate, --client-key and --server-name need --server-ca");
    }
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "--client-certificate and --client-key must be given together");
    }
    return new ClientAccess(
        serverCa == null
            ? null
            : ClientTls.load(
                serverCa.equals(SYSTEM) ? null : Path.of(serverCa),
                certificate,
                key,
                InstantSource.system()),
        tokenFile == null ? null : OwnToken.load("clientTokenFile", tokenFile),
        serverName);
  }
}
