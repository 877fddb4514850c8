@NullMarked
package io.thunderhead.log.group;

import org.jspecify.annotations.NullMarked;
