/** HTTP of a role: health, metrics, live figures and the page. */
@NullMarked
package io.thunderhead.app.http;

import org.jspecify.annotations.NullMarked;
