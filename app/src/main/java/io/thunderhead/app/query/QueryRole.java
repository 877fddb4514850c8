package io.thunderhead.app.query;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.thunderhead.access.ClientAccess;
import io.thunderhead.app.config.QueryConfig;
import io.thunderhead.app.lifecycle.ExitCode;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.lifecycle.RoleFailedException;
import io.thunderhead.app.lifecycle.StopRequest;
import io.thunderhead.protocol.v1.GetInNetworkPostsResponse;
import java.io.PrintStream;
import java.time.Duration;

/** Asks once and prints the answer, for a person or as JSON. */
public final class QueryRole implements Role {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final QueryConfig config;
  private final ClientAccess access;

  public QueryRole(QueryConfig config, ClientAccess access) {
    this.config = config;
    this.access = access;
  }

  @Override
  public int run(StopRequest stop, PrintStream out) throws Exception {
    try (FeedClient client = new FeedClient(config.address(), access)) {
      GetInNetworkPostsResponse answer = client.ask(FeedClient.request(config), LIMIT);
      if (config.json()) {
        out.println(json(answer));
      } else {
        AnswerTable.lines(answer, System.currentTimeMillis(), Integer.MAX_VALUE)
            .forEach(out::println);
      }
      out.flush();
      return ExitCode.DONE;
    } catch (StatusRuntimeException e) {
      throw new RoleFailedException(explain(e.getStatus()), e);
    }
  }

  /** The protobuf JSON mapping with the contract's field names: 64-bit numbers are strings. */
  static String json(GetInNetworkPostsResponse answer) throws InvalidProtocolBufferException {
    return JsonFormat.printer()
        .preservingProtoFieldNames()
        .alwaysPrintFieldsWithNoPresence()
        .omittingInsignificantWhitespace()
        .print(answer);
  }

  private String explain(Status status) {
    String hint =
        switch (status.getCode()) {
          case UNAVAILABLE ->
              access.tls() == null
                  ? "is a node running on %s, and has it caught up? If it wants TLS: --server-ca"
                  : "is a node running on %s, and has it caught up? Does it want a certificate?";
          case UNAUTHENTICATED -> "%s wants a token that it knows: --client-token-file";
          case RESOURCE_EXHAUSTED -> "%s has as many requests as it takes: ask again";
          case DEADLINE_EXCEEDED -> "%s did not answer within " + LIMIT.toSeconds() + " s";
          case UNIMPLEMENTED -> "%s answers gRPC, but not InNetworkPostsService";
          default -> "";
        };
    String reason = status.getDescription();
    return status.getCode()
        + (reason == null ? "" : ": " + reason)
        + (hint.isEmpty() ? "" : " (" + hint.formatted(config.address()) + ")");
  }
}
