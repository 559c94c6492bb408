/** Which way of cutting and searching a collection answers its own questions best, measured on some and reported on others. */
@NullMarked
package dev.tandem.evidence.tuning;

import org.jspecify.annotations.NullMarked;
