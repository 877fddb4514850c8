package io.thunderhead.app.deadletters;

import java.util.Map;

/**
 * What one call put back: matched = redriven + left by the limit + passed over by cause.
 *
 * @param dryRun then redriven is what would have been put back
 */
record Redriven(
    String topic,
    String redriveId,
    boolean dryRun,
    long matched,
    long redriven,
    long leftByLimit,
    Map<WayBack.Cause, Long> passedOver) {}
