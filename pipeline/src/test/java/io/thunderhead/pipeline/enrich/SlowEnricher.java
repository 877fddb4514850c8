package io.thunderhead.pipeline.enrich;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import org.jspecify.annotations.Nullable;

/**
 * An enricher from outside: {@code length of the text}, found by its class name or as a service.
 * Its tests decide how long it takes: a text that begins with {@code hang} never ends by itself,
 * {@code fail} fails, {@code break} throws, {@code wait N} takes N milliseconds.
 */
public final class SlowEnricher implements Enricher {
  @Override
  public String name() {
    return "length";
  }

  @Override
  public @Nullable Activity extract(Activity activity) {
    return activity.getText().isEmpty()
        ? null
        : Activity.newBuilder().setText(activity.getText()).build();
  }

  @Override
  public void enrich(Activity input, Enrichment.Builder result)
      throws EnrichmentFailedException, InterruptedException {
    String text = input.getText();
    if (text.startsWith("hang")) {
      new java.util.concurrent.CountDownLatch(1).await();
    } else if (text.startsWith("fail")) {
      throw new EnrichmentFailedException("told_to");
    } else if (text.startsWith("break")) {
      throw new IllegalStateException(text);
    } else if (text.startsWith("wait ")) {
      Thread.sleep(Long.parseLong(text.substring(5)));
    }
    result.setOther(
        Struct.newBuilder()
            .putFields("length", Value.newBuilder().setNumberValue(text.length()).build()));
  }
}
