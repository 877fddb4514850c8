package io.thunderhead.benchmarks.peer;

/** An element of an author's list. */
record TinyPost(long postId, long createdAt) {}
