package dev.tandem.knowledge.ingest;

import java.time.Duration;

/**
 * What came of it, over documents of the owner.
 *
 * @param accessChanged documents of which only the readers are different
 * @param failed files and records that could not be read
 * @param hidden documents among what was read that held text no reader sees
 * @param hiddenCharacters of theirs that were taken out
 * @param resumed of all these, what an earlier run had acknowledged and not finished
 * @param chunks of what was added, changed and renamed
 * @param bytes read
 * @param embedded chunks that were embedded now
 * @param reused chunks whose text had been embedded before
 * @param tokens of the chunks embedded now, as the encoder counts them, none beyond its length
 * @param embedding time that took
 * @param elapsed all of it
 */
public record Summary(
        long added,
        long changed,
        long renamed,
        long deleted,
        long unchanged,
        long accessChanged,
        long failed,
        long hidden,
        long hiddenCharacters,
        long resumed,
        long chunks,
        long bytes,
        long embedded,
        long reused,
        long tokens,
        Duration embedding,
        Duration elapsed) {}
