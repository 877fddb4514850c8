package io.thunderhead.pipeline.enrich;

/** An enrichment that can't be had. Its reason is counted and shown, so it holds no payload. */
public final class EnrichmentFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * A failure.
   *
   * @param reason a few words in snake_case, from a small set
   */
  public EnrichmentFailedException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
