/**
 * Encoders tuned on questions and passages: retrievers, rerankers and readers, from a dataset to a registered adapter, and
 * opened again from it. What is measured is what is served.
 */
@NullMarked
package dev.tandem.behavior.passages;

import org.jspecify.annotations.NullMarked;
