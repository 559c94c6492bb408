/**
 * Generators that speak to language models through LangChain4j. A model is opened by reference
 * ({@link dev.tandem.llm.LanguageModels#open}), streams what it writes, and fails with one
 * {@link dev.tandem.domain.Failure} of kind UPSTREAM that says what to do. A stream that breaks off after its first text
 * is not a failure: the completion says that it is truncated.
 */
@NullMarked
package dev.tandem.llm;

import org.jspecify.annotations.NullMarked;
