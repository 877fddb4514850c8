package io.thunderhead.serving.snapshot;

/** What a snapshot holds, and in how many bytes. */
record SnapshotSize(long posts, long tombstones, long bytes) {}
