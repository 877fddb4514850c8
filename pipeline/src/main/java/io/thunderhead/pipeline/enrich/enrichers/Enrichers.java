package io.thunderhead.pipeline.enrich.enrichers;

import io.thunderhead.pipeline.enrich.Enricher;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds enrichers by what the user calls them: one of ours by its name, another by the name that it
 * gives itself as a service, or by its class.
 */
public final class Enrichers {
  /** The most that a role may be asked for; a ledger names each. */
  public static final int MAX = 16;

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

  private Enrichers() {}

  /**
   * The enrichers of these names, in their order.
   *
   * @throws IllegalArgumentException if a name means none, or two have the same
   */
  public static List<Enricher> of(List<String> names, UrlSettings urls) {
    if (names.isEmpty() || names.size() > MAX) {
      throw new IllegalArgumentException(
          "enrichers must be from 1 to " + MAX + ": " + names.size() + " are given");
    }
    List<Enricher> found = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (String name : names) {
      Enricher enricher = find(name, urls);
      if (!NAME.matcher(enricher.name()).matches()) {
        throw new IllegalArgumentException(
            "enrichers: a name must match " + NAME.pattern() + ": " + enricher.name());
      }
      if (!taken.add(enricher.name())) {
        throw new IllegalArgumentException("enrichers: " + enricher.name() + " is given twice");
      }
      found.add(enricher);
    }
    return List.copyOf(found);
  }

  private static Enricher find(String name, UrlSettings urls) {
    return switch (name) {
      case LanguageEnricher.NAME -> new LanguageEnricher();
      case UrlsEnricher.NAME -> new UrlsEnricher(urls);
      case AuthorScoreEnricher.NAME -> new AuthorScoreEnricher();
      default -> {
        Enricher other = name.indexOf('.') >= 0 ? byClass(name) : asService(name);
        if (other == null) {
          throw new IllegalArgumentException(
              "enrichers: there is no "
                  + name
                  + "; ours are language, urls and author-score, others go by a service's name or"
                  + " a class name");
        }
        yield other;
      }
    };
  }

  private static @Nullable Enricher asService(String name) {
    for (Enricher service : ServiceLoader.load(Enricher.class)) {
      if (service.name().equals(name)) {
        return service;
      }
    }
    return null;
  }

  private static @Nullable Enricher byClass(String name) {
    try {
      return Class.forName(name).asSubclass(Enricher.class).getDeclaredConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      return null;
    } catch (ClassCastException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalArgumentException(
          "enrichers: "
              + name
              + " must be an Enricher with a public constructor without parameters",
          e);
    }
  }
}
