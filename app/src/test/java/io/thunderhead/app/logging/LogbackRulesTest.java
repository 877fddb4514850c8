package io.thunderhead.app.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.FilterReply;
import java.net.URL;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the shipped logback.xml, held against lines that libraries were seen to log. */
final class LogbackRulesTest {
  private final LoggerContext context = new LoggerContext();
  private @Nullable Appender<ILoggingEvent> standardError;

  @BeforeEach
  void configure() throws JoranException {
    URL rules = Objects.requireNonNull(LibraryNoise.class.getResource("/logback.xml"));
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(rules);
    standardError = context.getLogger("ROOT").getAppender("ERR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "io.grpc.netty.shaded.io.grpc.netty.NettyServerStream; Exception processing message",
        "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler; Stream Error",
        "io.grpc.internal.ManagedChannelImpl; [Channel<1>: (dns:///nohost.invalid:99)] "
            + "Failed to resolve name. status=Status{code=UNAVAILABLE}",
        "state.change.logger; [Broker id=1] Expected partition te-2 with topic id 4VE4 to exist, "
            + "but it was missing. Creating..."
      })
  void decide_whatNobodyNeedsToActOn_isHeldBack(String logger, String message) {
    assertThat(decide(logger, message)).isEqualTo(FilterReply.DENY);
  }

  @Test
  void decide_otherLines_pass() {
    assertThat(decide("io.grpc.internal.ManagedChannelImpl", "Uncaught exception"))
        .isEqualTo(FilterReply.NEUTRAL);
  }

  private FilterReply decide(String logger, String message) {
    @Nullable Throwable none = null;
    return Objects.requireNonNull(standardError)
        .getFilterChainDecision(
            new LoggingEvent(
                LogbackRulesTest.class.getName(),
                context.getLogger(logger),
                Level.WARN,
                message,
                none,
                null));
  }
}
