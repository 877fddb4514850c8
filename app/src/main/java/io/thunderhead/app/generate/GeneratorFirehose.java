package io.thunderhead.app.generate;

import io.thunderhead.app.config.SourceConfig;
import io.thunderhead.app.firehose.SyntheticActivities;
import io.thunderhead.pipeline.edge.firehose.Firehose;
import io.thunderhead.pipeline.edge.firehose.FirehoseConnection;
import io.thunderhead.pipeline.edge.firehose.Frame;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Made-up activities at a steady rate. The cursor is the number made; a connection from one skips
 * as many; their ids come from the clock, so another run's are others.
 */
public final class GeneratorFirehose implements Firehose {
  private static final int MAX_BURST = 1000;
  private static final long TICK_MS = 2;

  private final SourceConfig.Generator config;

  public GeneratorFirehose(SourceConfig.Generator config) {
    this.config = config;
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
    private long made;
    private long due;

    Connection(long cursor) {
      for (; made < cursor; made++) {
        byte[] _ = activities.next(System.currentTimeMillis());
      }
    }

    @Override
    public @Nullable Frame next() throws InterruptedException {
      if (config.events() > 0 && made >= config.events()) {
        return null;
      }
      while (due == 0) {
        due = pacer.take(System.nanoTime(), MAX_BURST);
        if (due == 0 && closed.await(TICK_MS, TimeUnit.MILLISECONDS)) {
          return null;
        }
      }
      due--;
      made++;
      byte[] line = activities.next(System.currentTimeMillis());
      return new Frame(Frame.Kind.RECORD, line, line.length, line.length, made);
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
