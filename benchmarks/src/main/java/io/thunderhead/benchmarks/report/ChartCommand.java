package io.thunderhead.benchmarks.report;

import static java.util.Comparator.naturalOrder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.style.Styler;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench chart}: draws the rows of one kind of a results file beside their baselines. */
@Command(
    name = "chart",
    description = {
      "Draws rows of a results file (--out of another command), beside their baselines where they have"
          + " one, as PNG or, if its name ends so, SVG.",
      "The scale is logarithmic."
    })
public final class ChartCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The results.")
  private Path results = Path.of("results.json");

  @Option(
      names = "--rows",
      paramLabel = "PREFIX",
      description = "Rows whose names begin so; once one has a baseline, only those with the same.")
  private String prefix = "read-";

  @Option(names = "--image", paramLabel = "FILE", description = "Where to draw, PNG or SVG.")
  private Path image = Path.of("chart.png");

  @Override
  public Integer call() throws IOException {
    JsonNode document = new ObjectMapper().readTree(results.toFile());
    List<String> names = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    List<Double> baselines = new ArrayList<>();
    String unit = "";
    String against = "";
    String better = "";
    for (JsonNode row : document.path("rows")) {
      String name = row.path("name").asText();
      boolean same = names.isEmpty() || against.equals(row.path("against").asText());
      if (name.startsWith(prefix) && same) {
        unit = row.path("unit").asText();
        against = row.path("against").asText();
        boolean larger = row.path("value").asDouble() > row.path("baseline").asDouble();
        better = larger == row.path("ratio").asDouble() > 1 ? "more" : "less";
        names.add(name.substring(prefix.length()));
        ours.add(row.path("value").asDouble());
        if (row.path("baseline").isNumber()) {
          baselines.add(row.path("baseline").asDouble());
        }
      }
    }
    if (names.isEmpty()) {
      throw new BenchFailedException(results + " has no rows named " + prefix);
    }
    String axis = unit + ", " + better + " is better";
    draw(names, ours, baselines, axis, against, document.path("machine"));
    return 0;
  }

  private void draw(
      List<String> names,
      List<Double> ours,
      List<Double> baselines,
      String axis,
      String against,
      JsonNode machine)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(1200)
            .height(640)
            .title(machine.path("processor").asText() + ", " + machine.path("jvm").asText())
            .yAxisTitle(axis)
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    double least = Stream.concat(ours.stream(), baselines.stream()).min(naturalOrder()).orElse(1.0);
    chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
    chart.getStyler().setXAxisLabelRotation(30);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Horizontal);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setLabelsPosition(1.0);
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Bar);
    if (!baselines.isEmpty()) {
      chart.addSeries(against, names, baselines).setFillColor(new Color(0x9A9A9A));
    }
    chart.addSeries("ours", names, ours).setFillColor(new Color(0x1F6FB2));
    String file = image.toString();
    if (file.endsWith(".svg")) {
      VectorGraphicsEncoder.saveVectorGraphic(
          chart, file, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
    } else {
      BitmapEncoder.saveBitmap(chart, file, BitmapEncoder.BitmapFormat.PNG);
    }
  }
}
