package io.thunderhead.app.cli;

import io.thunderhead.app.config.HttpConfig;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a role listens; the HTTP port has a default of its own in each. */
final class HttpFlags {
  static final String PORT_HELP =
      "Port for health, metrics and the page; 0: any free one, off: none.";

  @Option(
      names = "--bind",
      paramLabel = "HOST",
      description =
          "Address that this role listens on; for HTTP see --http-bind, where there is one.")
  String bind = "127.0.0.1";

  HttpConfig with(HttpPort port) {
    return HttpConfig.open(bind, port.number());
  }

  /** A port or {@code off}, as the user writes it. */
  record HttpPort(int number) {
    static final HttpPort OFF = new HttpPort(HttpConfig.OFF);

    static HttpPort of(int number) {
      return new HttpPort(number);
    }

    @Override
    public String toString() {
      return number == HttpConfig.OFF ? "off" : Integer.toString(number);
    }
  }

  /** Reads an {@link HttpPort}. */
  static final class PortConverter implements ITypeConverter<HttpPort> {
    @Override
    public HttpPort convert(String value) {
      if (value.equals("off")) {
        return HttpPort.OFF;
      }
      try {
        int port = Integer.parseInt(value);
        if (port >= 0 && port <= 65_535) {
          return HttpPort.of(port);
        }
      } catch (NumberFormatException e) {
        // Said below, together with a number out of range.
      }
      throw new TypeConversionException("'" + value + "' is neither a port nor off");
    }
  }
}
