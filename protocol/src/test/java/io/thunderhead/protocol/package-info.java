@NullMarked
package io.thunderhead.protocol;

import org.jspecify.annotations.NullMarked;
