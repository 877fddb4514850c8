package io.thunderhead.pipeline.edge.spool;

/**
 * What a spool holds and what it lost.
 *
 * @param unreadBytes appended and not read since the last rewind
 * @param entries appended and not released
 * @param oldestMs when the oldest segment was begun, Unix time; 0 if nothing is held
 * @param tornBytes cut off at the end of what a killed process wrote: never reported as safe
 * @param damagedSegments segments with bytes that are not what was written, set aside
 */
public record SpoolStats(
    long sizeBytes,
    long unreadBytes,
    int segments,
    long entries,
    long oldestMs,
    long tornBytes,
    long damagedSegments) {}
