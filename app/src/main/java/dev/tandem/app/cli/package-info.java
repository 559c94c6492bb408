/** The commands, one class each, and the edge that translates failures to exit codes. */
@NullMarked
package dev.tandem.app.cli;

import org.jspecify.annotations.NullMarked;
