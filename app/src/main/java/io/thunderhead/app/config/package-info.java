/** Settings: where their values come from, and one immutable record per role. */
@NullMarked
package io.thunderhead.app.config;

import org.jspecify.annotations.NullMarked;
