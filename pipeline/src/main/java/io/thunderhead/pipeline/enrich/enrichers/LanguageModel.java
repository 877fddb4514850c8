package io.thunderhead.pipeline.enrich.enrichers;

import io.thunderhead.protocol.v1.DetectedLanguage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;
import opennlp.tools.langdetect.ThreadSafeLanguageDetectorME;

/**
 * Apache OpenNLP's model of 103 languages. The only class that touches the library, so that nothing
 * of it is loaded where no text is looked at.
 */
final class LanguageModel {
  /**
   * Below this the best guess says nothing. The model spreads 1 over all its languages, so guessing
   * blindly gives each less than 0.01, and even a plain sentence rarely more than 0.1.
   */
  static final double LEAST_CONFIDENCE = 0.012;

  private static final String FILE = "/langdetect-183.bin";
  private static final String UNDETERMINED = "und";

  private final ThreadSafeLanguageDetectorME detector;
  private final Map<String, String> twoLetters = new HashMap<>();

  private LanguageModel(LanguageDetectorModel model) {
    detector = new ThreadSafeLanguageDetectorME(model);
    for (String language : Locale.getISOLanguages()) {
      twoLetters.put(Locale.of(language).getISO3Language(), language);
    }
    // The model tells Mandarin and the two written Norwegians apart; their tags do not.
    twoLetters.put("cmn", "zh");
  }

  static LanguageModel load() {
    try (InputStream file = LanguageDetectorME.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("the class path lacks " + FILE);
      }
      return new LanguageModel(new LanguageDetectorModel(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DetectedLanguage detect(String text) {
    Language best = detector.predictLanguage(text);
    DetectedLanguage.Builder detected = DetectedLanguage.newBuilder();
    if (best == null || best.getConfidence() < LEAST_CONFIDENCE) {
      return detected.setLanguage(UNDETERMINED).build();
    }
    String iso3 = best.getLang();
    return detected
        .setLanguage(twoLetters.getOrDefault(iso3, iso3))
        .setConfidence(best.getConfidence())
        .build();
  }
}
