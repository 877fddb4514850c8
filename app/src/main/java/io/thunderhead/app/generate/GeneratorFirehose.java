package io.thunderhead.app.generate;

import io.thunderhead.app.config.SourceConfig;
import io.thunderhead.app.firehose.SyntheticActivities;
import io.thunderhead.pipeline.edge.firehose.Firehose;
import io.thunderhead.pipeline.edge.firehose.FirehoseConnection;
import io.thunderhead.pipeline.edge.firehose.Frame;
import io.thunderhead.pipeline.edge.firehose.RefusedException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Made-up activities at a steady rate. The cursor holds the second in which the stream began and
 * the number made since; event n happens n / rate after that second, whenever it is sent. So a
 * stream that is gone on with is the same stream: the same seed and cursor give the same ids,
 * whatever the clock says by then.
 *
 * <pre>
 *   cursor   0 | second since 2026, 29 bits | events made, 34 bits
 * </pre>
 */
public final class GeneratorFirehose implements Firehose {
  private static final int MAX_BURST = 1000;
  private static final long TICK_MS = 2;
  private static final int COUNT_BITS = 34;
  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
  private static final long EPOCH_SECONDS = 1_767_225_600L;

  private final SourceConfig.Generator config;
  private final InstantSource clock;

  public GeneratorFirehose(SourceConfig.Generator config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "generator:";
  }

  @Override
  public boolean live() {
    return config.events() == 0;
  }

  @Override
  public int connections() {
    return 1;
  }

  @Override
  public FirehoseConnection connect(int connection, long cursor) {
    return new Connection(cursor);
  }

  private final class Connection implements FirehoseConnection {
    private final SyntheticActivities activities =
        new SyntheticActivities(config.seed(), config.authors());
    private final Pacer pacer = new Pacer(config.rate(), System.nanoTime());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long startSecond;
    private long made;
    private long due;

    Connection(long cursor) {
      startSecond = cursor == 0 ? clock.millis() / 1000 - EPOCH_SECONDS : cursor >>> COUNT_BITS;
      for (long before = cursor & COUNT_MASK; made < before; ) {
        byte[] _ = make();
      }
    }

    @Override
    public @Nullable Frame next() throws IOException, InterruptedException {
      if (config.events() > 0 && made >= config.events()) {
        return null;
      }
      if (made == COUNT_MASK) {
        throw new RefusedException("a generated stream ends after " + made + " events");
      }
      while (due == 0) {
        due = pacer.take(System.nanoTime(), MAX_BURST);
        if (due == 0 && closed.await(TICK_MS, TimeUnit.MILLISECONDS)) {
          return null;
        }
      }
      due--;
      byte[] line = make();
      return new Frame(
          Frame.Kind.RECORD, line, line.length, line.length, startSecond << COUNT_BITS | made);
    }

    private byte[] make() {
      long sinceStartMs = (long) (made * 1000.0 / config.rate());
      made++;
      return activities.next((EPOCH_SECONDS + startSecond) * 1000 + sinceStartMs);
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
