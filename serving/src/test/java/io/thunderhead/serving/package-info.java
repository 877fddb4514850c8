@NullMarked
package io.thunderhead.serving;

import org.jspecify.annotations.NullMarked;
