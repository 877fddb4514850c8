package io.thunderhead.app.cli;

import io.thunderhead.app.cli.HttpFlags.HttpPort;
import io.thunderhead.app.config.ReplayFileConfig;
import io.thunderhead.app.lifecycle.Role;
import io.thunderhead.app.recording.ReplayFileRole;
import io.thunderhead.pipeline.edge.RecordFormat;
import io.thunderhead.protocol.Topics;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code thunderhead replay-file}. */
@Command(
    name = "replay-file",
    description = {
      "Publishes recorded posts from a file, plain or gzip.",
      "Ends with one JSON object on standard output: what was read, published and left out by"
          + " reason."
    })
final class ReplayFileCommand extends RoleCommand {
  /** Reads a format by its name. */
  static final class FormatConverter implements ITypeConverter<RecordFormat> {
    @Override
    public RecordFormat convert(String value) {
      try {
        return RecordFormat.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /** The topics that publishers write to. */
  enum Target {
    TWEET_EVENTS(Topics.TWEET_EVENTS),
    ACTIVITIES(Topics.ACTIVITIES);

    private final String topic;

    Target(String topic) {
      this.topic = topic;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin private KafkaFlags kafka = new KafkaFlags();
  @Mixin private HttpFlags http = new HttpFlags();
  @Mixin private PublishFlags publish = new PublishFlags();

  @Parameters(paramLabel = "FILE", description = "The recording.")
  private Path file = Path.of("");

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      converter = HttpFlags.PortConverter.class,
      description = HttpFlags.PORT_HELP)
  private HttpPort httpPort = HttpPort.of(0);

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      description =
          "auto (goes by the first records), higgs, twitter-v11, gnip, jetstream or ndjson.")
  private RecordFormat format = RecordFormat.AUTO;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description = "0: as fast as possible; 1: in original time; X: that many times faster.")
  private double speed;

  @Option(names = "--to", paramLabel = "TOPIC", description = "${COMPLETION-CANDIDATES}.")
  private Target to = Target.TWEET_EVENTS;

  @Option(
      names = "--keep-times",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Keeps the posts' times; otherwise all are shifted so that the last is now.")
  private boolean keepTimes;

  @Override
  Role role() {
    return new ReplayFileRole(
        new ReplayFileConfig(
            kafka.config(),
            http.with(httpPort),
            publish.settings(),
            file,
            format,
            speed,
            to.topic,
            keepTimes));
  }
}
