/** Looking at dead letters, and putting them back. */
@NullMarked
package io.thunderhead.app.deadletters;

import org.jspecify.annotations.NullMarked;
