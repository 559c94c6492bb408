/**
 * Where the wings meet: context packing, the built-in reader, prompts, citation checks and answers.
 */
@NullMarked
package dev.tandem.assistant;

import org.jspecify.annotations.NullMarked;
