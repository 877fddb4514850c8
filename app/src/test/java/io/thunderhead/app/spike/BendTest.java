package io.thunderhead.app.spike;

import static org.assertj.core.api.Assertions.assertThat;

import io.thunderhead.app.config.SpikeConfig.Shape;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BendTest {
  private static final LoadShape LOAD = new LoadShape(Shape.STEP, 0.01, 100);

  @TempDir Path dir;

  /** In: 80 a second, from 25 s to 60 s 250. Inside: at most 200. */
  private static Bend bend() {
    Bend bend = new Bend(LOAD);
    double in = 0;
    double out = 0;
    for (int second = 0; second <= 100; second++) {
      bend.add(second, in, out);
      in += LOAD.rateAt(second);
      out = Math.min(in, out + LOAD.innerLimit());
    }
    return bend;
  }

  @Test
  void figures_ofAKnownCourse_areThoseOfTheArithmetic() {
    Bend bend = bend();
    assertThat(bend.peak()).isEqualTo(250);
    assertThat(bend.sustainedInner()).isEqualTo(200);
    assertThat(bend.mostBacklog()).isEqualTo(35 * 50);
    // 1750 wait at the end of the spike and 120 a second more leave than come.
    assertThat(bend.drainSeconds()).isBetween(13.0, 15.0);
  }

  @Test
  void drainSeconds_whereTheInsideNeverCatchesUp_isMinusOne() {
    Bend bend = new Bend(LOAD);
    for (int second = 0; second <= 100; second++) {
      bend.add(second, second * 250.0, second * 200.0);
    }
    assertThat(bend.drainSeconds()).isEqualTo(-1);
  }

  @Test
  void picture_ofACourse_isAnImageAndADrawingWithItsTitle() throws Exception {
    new BendPicture(bend(), "a course").write(dir);
    BufferedImage image = ImageIO.read(dir.resolve("bend.png").toFile());
    assertThat(image.getWidth()).isGreaterThan(image.getHeight());
    assertThat(colors(image)).as("lines, areas and letters").isGreaterThan(20);
    assertThat(Files.readString(dir.resolve("bend.svg"))).startsWith("<?xml").contains("<svg");
  }

  private static long colors(BufferedImage image) {
    return java.util.Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .distinct()
        .count();
  }
}
