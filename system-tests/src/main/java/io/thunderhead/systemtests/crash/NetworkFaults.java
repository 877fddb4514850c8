package io.thunderhead.systemtests.crash;

import io.thunderhead.systemtests.crash.Fault.Repeats;
import io.thunderhead.systemtests.crash.Link.Weather;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** The network to the broker, in every weather (N2 to N6). */
final class NetworkFaults {
  private NetworkFaults() {}

  static List<Fault> all() {
    return List.of(
        new Fault(
            "N5",
            "connections to the broker reset again and again",
            true,
            Repeats.BY_ALL,
            NetworkFaults::resets),
        weather("N5", "connections to the broker refused", false, Weather.REFUSING, 5),
        weather("N5", "seven bytes at a time", false, Weather.SLICED, 5),
        weather("N4", "half-open: bytes vanish, sockets stay", true, Weather.DARK, 8),
        weather("N3", "one way: what the broker answers vanishes", false, Weather.MUTE, 8),
        weather("N2", "slow network to the broker", false, Weather.SLOW, 8),
        new Fault(
            "N6",
            "swizzle-clog: connections stopped one by one",
            false,
            Repeats.BY_ALL,
            (site, random, _) -> site.link().swizzle(random, Duration.ofMillis(150))));
  }

  private static Fault weather(
      String code, String name, boolean inShort, Weather weather, int seconds) {
    return new Fault(
        code,
        name,
        inShort,
        Repeats.BY_ALL,
        (site, _, _) -> {
          site.link().set(weather);
          if (weather == Weather.REFUSING) {
            site.link().reset();
          }
          try {
            Thread.sleep(Duration.ofSeconds(seconds));
          } finally {
            site.link().set(Weather.GOOD);
          }
        });
  }

  private static void resets(Site site, RandomGenerator random, List<String> breaches)
      throws Exception {
    for (int i = 0; i < 15; i++) {
      site.link().reset();
      Thread.sleep(100 + random.nextInt(400));
    }
  }
}
