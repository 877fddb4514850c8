@NullMarked
package io.thunderhead.protocol.thrift;

import org.jspecify.annotations.NullMarked;
