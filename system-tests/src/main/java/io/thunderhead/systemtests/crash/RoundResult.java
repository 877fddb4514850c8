package io.thunderhead.systemtests.crash;

import java.util.List;

/**
 * What one fault came to.
 *
 * @param events published in its round, all paths together
 * @param recoverMs from the last repair until everything published was through and answered
 * @param repeatedByPublisher of batches that the publisher had to send again
 * @param repeatedByEdge of what came through the edge, by it or by the stages behind it
 * @param breaches one line each; empty if every invariant held
 */
record RoundResult(
    int round,
    String code,
    String fault,
    long events,
    long lost,
    long duplicates,
    long repeatedByPublisher,
    long repeatedByEdge,
    long deadLetters,
    long recoverMs,
    List<String> breaches) {}
