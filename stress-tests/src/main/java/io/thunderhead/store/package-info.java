/**
 * The store's lock-free claims, each as a jcstress test whose class doc names the outcome that it
 * forbids. In the store's own package, since most claims are those of its parts.
 */
@NullMarked
package io.thunderhead.store;

import org.jspecify.annotations.NullMarked;
