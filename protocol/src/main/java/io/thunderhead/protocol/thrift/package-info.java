/** The legacy {@code TweetEvent} in Thrift's binary protocol, read and written field by field. */
@NullMarked
package io.thunderhead.protocol.thrift;

import org.jspecify.annotations.NullMarked;
