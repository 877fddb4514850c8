/**
 * Who may come in: certificates and tokens of servers and of their callers, read again when their
 * files change.
 */
@NullMarked
package io.thunderhead.access;

import org.jspecify.annotations.NullMarked;
