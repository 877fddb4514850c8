package io.thunderhead.serving.feed;

/**
 * How long recent answers took: the last 4096 at most, of the last ten seconds.
 *
 * @param requests how many these are; 0 leaves the others 0
 */
public record FeedLatency(int requests, double p50Ms, double p99Ms) {}
