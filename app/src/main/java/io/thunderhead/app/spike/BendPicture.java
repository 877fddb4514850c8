package io.thunderhead.app.spike;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.intermediate.CommandSequence;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import io.thunderhead.app.spike.Bend.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The picture of a run: above, the rate at the edge against the rate inside; below, what waits in
 * Kafka between the two. It needs no display, but Java needs some font of the system.
 */
final class BendPicture {
  private static final int WIDTH = 1200;
  private static final int RATES_HEIGHT = 470;
  private static final int BACKLOG_HEIGHT = 220;
  private static final int HEIGHT = RATES_HEIGHT + BACKLOG_HEIGHT;

  /** Pixels of the PNG for one of the picture, for dense screens. */
  private static final int DENSITY = 2;

  private static final Color INK = new Color(0x17, 0x1b, 0x22);
  private static final Color SOFT = new Color(0x5d, 0x66, 0x73);
  private static final Color GRID = new Color(0xe1, 0xe5, 0xea);
  private static final Color EDGE = new Color(0x25, 0x63, 0xc9);
  private static final Color INNER = new Color(0x0e, 0x8a, 0x6a);
  private static final Color LIMIT = new Color(0xbf, 0x2c, 0x2c);
  private static final Color BACKLOG = new Color(0xb4, 0x5f, 0x06);
  private static final Color BACKLOG_FILL = new Color(0xf3, 0xd9, 0xb8);

  private final Bend bend;
  private final String title;

  BendPicture(Bend bend, String title) {
    this.bend = bend;
    this.title = title;
  }

  /** Writes {@code bend.png} and {@code bend.svg}. */
  void write(Path directory) throws IOException {
    BufferedImage image =
        new BufferedImage(WIDTH * DENSITY, HEIGHT * DENSITY, BufferedImage.TYPE_INT_RGB);
    Graphics2D pixels = image.createGraphics();
    pixels.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pixels.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pixels.scale(DENSITY, DENSITY);
    paint(pixels);
    pixels.dispose();
    ImageIO.write(image, "png", directory.resolve("bend.png").toFile());
    VectorGraphics2D vectors = new VectorGraphics2D();
    paint(vectors);
    CommandSequence commands = vectors.getCommands();
    try (OutputStream out = Files.newOutputStream(directory.resolve("bend.svg"))) {
      new SVGProcessor().getDocument(commands, new PageSize(WIDTH, HEIGHT)).writeTo(out);
    }
  }

  private void paint(Graphics2D canvas) {
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, WIDTH, HEIGHT);
    rates().paint(canvas, WIDTH, RATES_HEIGHT);
    canvas.translate(0, RATES_HEIGHT);
    backlog().paint(canvas, WIDTH, BACKLOG_HEIGHT);
    canvas.translate(0, -RATES_HEIGHT);
  }

  private XYChart rates() {
    XYChart chart = chart(RATES_HEIGHT, title, "", "posts per second");
    List<Point> points = bend.points();
    double[] seconds = column(points, Point::second);
    line(chart, "taken in at the edge", seconds, column(points, Point::edge), EDGE, 2.6f);
    line(chart, "handled inside", seconds, column(points, Point::inner), INNER, 2.6f);
    double limit = bend.load().innerLimit();
    double[] ends = {0, seconds[seconds.length - 1]};
    XYSeries ceiling =
        line(chart, "what the inside may do", ends, new double[] {limit, limit}, LIMIT, 1.2f);
    ceiling.setLineStyle(
        new BasicStroke(
            1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 5}, 0));
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private XYChart backlog() {
    XYChart chart = chart(BACKLOG_HEIGHT, "", "seconds", "posts");
    List<Point> points = bend.points();
    XYSeries waiting =
        chart.addSeries(
            "waiting in Kafka", column(points, Point::second), column(points, Point::backlog));
    waiting.setXYSeriesRenderStyle(XYSeriesRenderStyle.Area);
    waiting.setMarker(SeriesMarkers.NONE);
    waiting.setLineColor(BACKLOG);
    waiting.setLineWidth(1.6f);
    waiting.setFillColor(BACKLOG_FILL);
    chart.getStyler().setYAxisMin(0.0);
    return chart;
  }

  private static XYChart chart(int height, String title, String xTitle, String yTitle) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(height)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    XYStyler style = chart.getStyler();
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridVerticalLinesVisible(false);
    style.setChartFontColor(INK);
    style.setAxisTickLabelsColor(SOFT);
    style.setAxisTicksMarksVisible(false);
    style.setAxisTickLabelsFont(font(Font.PLAIN, 14));
    style.setAxisTitleFont(font(Font.PLAIN, 15));
    style.setChartTitleVisible(!title.isEmpty());
    style.setChartTitleBoxVisible(false);
    style.setChartTitleFont(font(Font.BOLD, 20));
    style.setLegendPosition(LegendPosition.InsideNE);
    style.setLegendLayout(LegendLayout.Vertical);
    style.setLegendBorderColor(Color.WHITE);
    style.setLegendBackgroundColor(Color.WHITE);
    style.setLegendFont(font(Font.PLAIN, 15));
    style.setLocale(Locale.ENGLISH);
    style.setDecimalPattern("#,##0");
    style.setXAxisMin(0.0);
    // Both panels give their labels the same room, so that their times stand one under the other.
    style.setYAxisLeftWidthHint(100);
    return chart;
  }

  private static XYSeries line(
      XYChart chart, String name, double[] x, double[] y, Color color, float width) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineWidth(width);
    return series;
  }

  private static double[] column(List<Point> points, ToDoubleFunction<Point> what) {
    return points.stream().mapToDouble(what).toArray();
  }

  private static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }
}
