/**
 * The crash suite: roles as processes under a schedule of faults, and what came out held against
 * what went in by programs that share no code with us. It uses none of our modules.
 */
@NullMarked
package io.thunderhead.systemtests.crash;

import org.jspecify.annotations.NullMarked;
