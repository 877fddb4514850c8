/** The audit: what the ledgers say against what the topics hold. */
@NullMarked
package io.thunderhead.app.audit;

import org.jspecify.annotations.NullMarked;
