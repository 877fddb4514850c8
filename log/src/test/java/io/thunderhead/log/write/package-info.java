@NullMarked
package io.thunderhead.log.write;

import org.jspecify.annotations.NullMarked;
