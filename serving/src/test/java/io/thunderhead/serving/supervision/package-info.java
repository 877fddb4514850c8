@NullMarked
package io.thunderhead.serving.supervision;

import org.jspecify.annotations.NullMarked;
