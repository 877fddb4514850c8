@NullMarked
package io.thunderhead.systemtests.crash;

import org.jspecify.annotations.NullMarked;
