package io.thunderhead.app.lifecycle;

import java.io.PrintStream;

/** The one line of a long-running role on standard output, which scripts wait for. */
public final class ReadyLine {
  private final StringBuilder line;

  public ReadyLine(String role) {
    line = new StringBuilder("READY ").append(role);
  }

  public ReadyLine grpc(String address) {
    line.append(" grpc=").append(address);
    return this;
  }

  public ReadyLine http(String address) {
    line.append(" http=").append(address);
    return this;
  }

  public ReadyLine kafka(String address) {
    line.append(" kafka=").append(address);
    return this;
  }

  public void print(PrintStream out) {
    out.println(line);
    out.flush();
  }
}
