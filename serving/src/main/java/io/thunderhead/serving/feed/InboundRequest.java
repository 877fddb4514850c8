package io.thunderhead.serving.feed;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A request's bytes, decoded only once it is admitted.
 *
 * @param bytes the message, inflated; empty if there is a refusal
 * @param refusal why the bytes could not be had, or null
 */
@SuppressWarnings("ArrayRecordComponent") // Passed on as it is, never compared.
record InboundRequest(byte[] bytes, @Nullable Status refusal) {}
