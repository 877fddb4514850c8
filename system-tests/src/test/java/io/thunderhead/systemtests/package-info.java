/** Tests of the whole path with roles as processes, a real broker and clients that are not ours. */
@NullMarked
package io.thunderhead.systemtests;

import org.jspecify.annotations.NullMarked;
