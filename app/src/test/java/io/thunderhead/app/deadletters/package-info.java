@NullMarked
package io.thunderhead.app.deadletters;

import org.jspecify.annotations.NullMarked;
