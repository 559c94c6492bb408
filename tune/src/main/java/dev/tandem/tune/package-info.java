/** Training on libtorch: forward and backward passes of BERT encoders, and what is learned beside their layers. */
@NullMarked
package dev.tandem.tune;

import org.jspecify.annotations.NullMarked;
