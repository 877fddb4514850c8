package io.thunderhead.pipeline.enrich.enrichers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.thunderhead.pipeline.enrich.Enricher;
import io.thunderhead.pipeline.enrich.SlowEnricher;
import io.thunderhead.protocol.v1.Activity;
import io.thunderhead.protocol.v1.Enrichment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnrichersTest {
  private static final UrlSettings URLS = UrlSettings.defaults();

  @Test
  void names_findOurs_services_andClasses() {
    assertThat(Enrichers.of(List.of("language", "urls", "author-score"), URLS))
        .extracting(Enricher::name)
        .containsExactly("language", "urls", "author-score");
    assertThat(Enrichers.of(List.of(SlowEnricher.class.getName()), URLS))
        .singleElement()
        .isInstanceOf(SlowEnricher.class);
    assertThat(Enrichers.of(List.of("length"), URLS))
        .singleElement()
        .isInstanceOf(SlowEnricher.class);
  }

  @Test
  void namesThatMeanNothing_orTwice_areRefusedByName() {
    assertThatThrownBy(() -> Enrichers.of(List.of("colour"), URLS)).hasMessageContaining("colour");
    assertThatThrownBy(() -> Enrichers.of(List.of("java.lang.String"), URLS))
        .hasMessageContaining("java.lang.String must be an Enricher");
    assertThatThrownBy(() -> Enrichers.of(List.of("urls", "urls"), URLS))
        .hasMessageContaining("urls is given twice");
    assertThatThrownBy(() -> Enrichers.of(List.of(), URLS)).hasMessageContaining("from 1 to");
  }

  @ParameterizedTest
  @CsvSource({
    "The weather is going to be nice tomorrow and we will all go to the beach, en",
    "Das Wetter wird morgen schön und wir gehen alle zusammen an den Strand, de",
    "Demain il fera beau et nous irons tous ensemble à la plage avec les enfants, fr",
    "明日は天気が良くなるのでみんなで海に行きましょう, ja",
    "Завтра будет хорошая погода и мы все пойдём на пляж, ru"
  })
  void language_ofAPlainText_isFound(String text, String language) throws Exception {
    Enrichment.Builder result = Enrichment.newBuilder();
    try (LanguageEnricher enricher = new LanguageEnricher()) {
      enricher.start();
      enricher.enrich(Activity.newBuilder().setText(text).build(), result);
    }
    assertThat(result.getLanguage().getLanguage()).isEqualTo(language);
    assertThat(result.getLanguage().getConfidence()).isBetween(LanguageModel.LEAST_CONFIDENCE, 1d);
  }

  @Test
  void extract_takesOnlyWhatIsNeeded_andNothingWhereItDoesNotApply() {
    Activity bare = Activity.newBuilder().setPostId(1).setText(" ").build();
    Activity full =
        bare.toBuilder()
            .setText("x".repeat(LanguageEnricher.MAX_CHARS - 1) + "\ud83d\ude00")
            .addUrls("http://a.example")
            .setFollowers(0)
            .build();
    for (Enricher enricher : Enrichers.of(List.of("language", "urls", "author-score"), URLS)) {
      assertThat(enricher.extract(bare)).as(enricher.name()).isNull();
      Activity input = enricher.extract(full);
      assertThat(input).as(enricher.name()).isNotNull();
      assertThat(input.getPostId()).isZero();
    }
    Activity text = new LanguageEnricher().extract(full);
    assertThat(text).isNotNull();
    assertThat(text.getText()).as("no half of a pair").doesNotContain("\ud83d");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "999, 0, 42.857",
    "9999999, 0, 100",
    "500000000, 0, 100",
    "999, 999, 32.143",
    "-5, 10, 0"
  })
  void authorScore_isTheFormulas(long followers, long following, double score) {
    assertThat(AuthorScoreEnricher.score(followers, following)).isCloseTo(score, within(0.001));
  }
}
