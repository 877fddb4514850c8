@NullMarked
package io.thunderhead.log;

import org.jspecify.annotations.NullMarked;
