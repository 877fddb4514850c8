/** What of the libraries' own logging reaches a person. */
@NullMarked
package io.thunderhead.app.logging;

import org.jspecify.annotations.NullMarked;
