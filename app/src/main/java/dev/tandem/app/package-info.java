/** The program: {@link dev.tandem.app.Main} and the one wiring class. */
@NullMarked
package dev.tandem.app;

import org.jspecify.annotations.NullMarked;
