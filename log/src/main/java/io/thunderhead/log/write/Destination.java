package io.thunderhead.log.write;

/** Where events go: what shares a destination can share a record. */
public record Destination(String topic, int partition) {}
