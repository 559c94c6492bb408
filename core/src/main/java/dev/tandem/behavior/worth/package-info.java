/**
 * Whether what was trained may be served: what is measured besides the test examples, how much worse than before each may
 * come out, and until when that was looked at. Of every kind of adapter alike.
 */
@NullMarked
package dev.tandem.behavior.worth;

import org.jspecify.annotations.NullMarked;
