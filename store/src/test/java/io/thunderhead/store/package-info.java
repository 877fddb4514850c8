/** The naive model, the contract that it and the store both keep, and the evidence for it. */
@NullMarked
package io.thunderhead.store;

import org.jspecify.annotations.NullMarked;
