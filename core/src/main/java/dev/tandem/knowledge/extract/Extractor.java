package dev.tandem.knowledge.extract;

/** Text and structure of one file's bytes; throws a Failure of kind INVALID with the reason when there is none. */
@FunctionalInterface
interface Extractor {
    Extracted extract(String path, byte[] bytes);
}
