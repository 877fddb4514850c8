package io.thunderhead.app.cli;

import io.thunderhead.app.config.DeadLettersConfig;
import io.thunderhead.app.config.DeadLettersConfig.Action;
import io.thunderhead.app.config.DeadLettersConfig.PayloadEncoding;
import io.thunderhead.app.config.DeadLettersConfig.Place;
import io.thunderhead.app.deadletters.DeadLettersRole;
import io.thunderhead.app.lifecycle.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code thunderhead dead-letters}. */
@Command(
    name = "dead-letters",
    description = {
      "Counts dead letters (list), shows where some came from (show), or puts them back onto their"
          + " topic after a fix (redrive): each once, however often it is called, also if it is"
          + " killed. Nothing is deleted."
    })
final class DeadLettersCommand extends RoleCommand {
  /** Reads {@code PARTITION:OFFSET}. */
  static final class PlaceConverter implements ITypeConverter<Place> {
    @Override
    public Place convert(String value) {
      String[] parts = value.split(":", -1);
      try {
        if (parts.length == 2) {
          return new Place(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new TypeConversionException("must be PARTITION:OFFSET, is " + value);
    }
  }

  /** Reads an instant, or how long ago it was. */
  static final class TimeConverter implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        return value.startsWith("P")
            ? Instant.now().minus(Duration.parse(value))
            : Instant.parse(value);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException(
            "must be 2026-01-31T12:00:00Z, or how long ago: PT2H; is " + value);
      }
    }
  }

  @Mixin private KafkaFlags kafka = new KafkaFlags();

  @Parameters(paramLabel = "ACTION", description = "list, show or redrive.")
  private Action action = Action.LIST;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description =
          "The topic whose letters are meant, not its .dead_letters; list takes all without it.")
  private String topic = "";

  @Option(
      names = "--reason",
      split = ",",
      paramLabel = "REASON,…",
      description = "Only letters of these reasons.")
  private List<String> reasons = List.of();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Only letters written from then on: 2026-01-31T12:00:00Z, or PT2H for 2 h ago.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Only letters written before then.")
  private @Nullable Instant until;

  @Option(
      names = "--at",
      paramLabel = "PARTITION:OFFSET",
      converter = PlaceConverter.class,
      description = "One letter, by its place in the dead-letter topic.")
  private @Nullable Place at;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Letters shown or put back at most; the rest is counted.")
  private int limit = 100_000;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Letters put back in one transaction.")
  private int batchSize = 500;

  @Option(
      names = "--again",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Also puts back what was put back before.")
  private boolean again;

  @Option(
      names = "--dry-run",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Says what would be put back, and changes nothing.")
  private boolean dryRun;

  @Option(
      names = "--payload-file",
      paramLabel = "FILE",
      description = "A new file for the bytes of the one letter that show --at shows.")
  private @Nullable Path payloadFile;

  @Option(
      names = "--payload-encoding",
      paramLabel = "ENCODING",
      description = "How they are written: ${COMPLETION-CANDIDATES}.")
  private PayloadEncoding payloadEncoding = PayloadEncoding.HEX;

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Prints JSON: one object, for show one per letter.")
  private boolean json;

  @Override
  Level settingsLevel() {
    return Level.DEBUG;
  }

  @Override
  Role role() {
    return new DeadLettersRole(
        new DeadLettersConfig(
            kafka.config(),
            action,
            topic,
            Set.copyOf(reasons),
            since == null ? Long.MIN_VALUE : since.toEpochMilli(),
            until == null ? Long.MAX_VALUE : until.toEpochMilli(),
            at,
            limit,
            batchSize,
            again,
            dryRun,
            payloadFile,
            payloadEncoding,
            json));
  }
}
