package io.thunderhead.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may use whom. A rule that fails here means that the design is being changed. */
final class RoomImportsTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          // Tests and the programs around ours may use everything, wherever a build puts them.
          .withImportOption(place -> !place.contains("/test/") && !place.contains("Stress"))
          .withImportOption(
              place -> !place.contains("Fuzz") && !place.contains("/thunderhead/fuzz/"))
          .withImportOption(place -> !place.contains("/thunderhead/benchmarks/"))
          .withImportOption(place -> !place.contains("/thunderhead/systemtests/"))
          .importPackages("io.thunderhead");

  private static final DescribedPredicate<JavaClass> OUR_ROOMS =
      resideInAPackage("io.thunderhead..").as("of ours");

  @Test
  void packages_haveNoCycles() {
    slices().matching("io.thunderhead.(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void nobody_usesApp() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.thunderhead.app..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.thunderhead.app..")
        .check(OURS);
  }

  @Test
  void protocol_usesNobody_andNoKafka() {
    usesOnly("io.thunderhead.protocol..");
    noClasses()
        .that()
        .resideInAPackage("io.thunderhead.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(OURS);
  }

  @Test
  void store_usesTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("io.thunderhead.store..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.thunderhead.store..", "java..", "org.jspecify..")
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("io.thunderhead.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.time..")
        .check(OURS);
  }

  @Test
  void log_usesProtocolOnly() {
    usesOnly("io.thunderhead.log..", "io.thunderhead.protocol..");
  }

  @Test
  void access_usesNobody() {
    usesOnly("io.thunderhead.access..");
  }

  @Test
  void broker_usesNobody() {
    usesOnly("io.thunderhead.broker..");
  }

  @Test
  void pipeline_usesProtocolLogAndAccessOnly_andItsPartsNeverMeet() {
    usesOnly(
        "io.thunderhead.pipeline..",
        "io.thunderhead.protocol..",
        "io.thunderhead.log..",
        "io.thunderhead.access..");
    slices().matching("io.thunderhead.pipeline.(*)..").should().notDependOnEachOther().check(OURS);
  }

  @Test
  void serving_usesProtocolLogStoreAndAccessOnly() {
    usesOnly(
        "io.thunderhead.serving..",
        "io.thunderhead.protocol..",
        "io.thunderhead.log..",
        "io.thunderhead.store..",
        "io.thunderhead.access..");
  }

  @Test
  void onlyTheEntryPoint_readsTheEnvironment() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("io.thunderhead.app.Thunderhead")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class)
        .orShould()
        .callMethod(System.class, "getProperty", String.class, String.class)
        .check(OURS);
  }

  private static void usesOnly(String room, String... others) {
    classes()
        .that()
        .resideInAPackage(room)
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage(room)
                .or(resideInAnyPackage(others))
                .or(DescribedPredicate.not(OUR_ROOMS)))
        .check(OURS);
  }
}
