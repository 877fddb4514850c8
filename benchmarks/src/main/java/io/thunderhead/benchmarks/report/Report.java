package io.thunderhead.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes the rows of one run and shows each as soon as it is measured: one JSON object a line, or a
 * table. Progress goes to standard error, so that scripts read rows alone.
 */
public final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Object> facts = new LinkedHashMap<>();

  public Report(PrintStream out, PrintStream err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  public void add(Row row) {
    if (json) {
      out.println(text(row));
    } else {
      if (rows.isEmpty()) {
        out.printf("%-44s %14s %14s %10s  %s%n", "", "ours", "baseline", "ratio", "unit");
      }
      out.printf(
          Locale.ROOT,
          "%-44s %14s %14s %10s  %s%s%n",
          row.name(),
          number(row.value()),
          row.baseline() == null ? "" : number(row.baseline()),
          row.ratio() == null ? "" : number(row.ratio()) + "x",
          row.unit(),
          row.against() == null ? "" : " (baseline: " + row.against() + ")");
    }
    out.flush();
    rows.add(row);
  }

  /** A fact that is no figure, such as a checksum. It is shown as progress and kept in the file. */
  public void fact(String name, Object value) {
    facts.put(name, value);
    progress(name + ": " + value);
  }

  public void progress(String line) {
    err.println(line);
  }

  /** The last line. */
  public void summary(String line) {
    (json ? err : out).println(line);
  }

  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** Writes everything with machine, JVM and command to a file. */
  public void write(Path file, String command) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("command", command);
    document.put("machine", Machine.current());
    document.put("rows", rows);
    document.put("facts", facts);
    try {
      JSON.writer().with(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), document);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String text(Row row) {
    try {
      return JSON.writeValueAsString(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%,.4g", value);
  }
}
