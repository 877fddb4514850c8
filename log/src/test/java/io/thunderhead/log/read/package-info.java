@NullMarked
package io.thunderhead.log.read;

import org.jspecify.annotations.NullMarked;
