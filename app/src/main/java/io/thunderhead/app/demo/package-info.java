/** Every role in one process on an embedded broker, with a ledger at the end. */
@NullMarked
package io.thunderhead.app.demo;

import org.jspecify.annotations.NullMarked;
