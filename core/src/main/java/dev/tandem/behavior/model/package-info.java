/** Weights of encoders and what training adds to them, as numbers and as files: no inference, no training. */
@NullMarked
package dev.tandem.behavior.model;

import org.jspecify.annotations.NullMarked;
