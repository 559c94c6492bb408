package dev.tandem.parse;

import java.time.Duration;

/**
 * What one file may cost.
 *
 * @param time from the file's first byte sent to the last block received
 * @param memoryMegabytes heap of a child
 * @param characters of text in one file, its parts included
 * @param depth of files in files: an attachment of a message in a mailbox is 2 deep
 * @param parts files in one file
 * @param unpackedMegabytes of all files in one file, and of what a child writes to its temporary folder
 * @param children that read at the same time
 */
public record ParseLimits(
        Duration time,
        int memoryMegabytes,
        long characters,
        int depth,
        int parts,
        int unpackedMegabytes,
        int children) {

    public ParseLimits {
        if (!time.isPositive()
                || memoryMegabytes < 32
                || characters < 1
                || depth < 0
                || parts < 0
                || unpackedMegabytes < 1
                || children < 1) {
            throw new IllegalArgumentException("no limits: " + time + ", " + memoryMegabytes + " MB");
        }
    }

    /** A minute and 512 MB for a file; as many children as there are cores, four at most. */
    public static ParseLimits standard() {
        return new ParseLimits(
                Duration.ofSeconds(60),
                512,
                5_000_000,
                8,
                10_000,
                500,
                Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));
    }

    public ParseLimits withTime(Duration other) {
        return new ParseLimits(other, memoryMegabytes, characters, depth, parts, unpackedMegabytes, children);
    }

    public ParseLimits withMemory(int megabytes) {
        return new ParseLimits(time, megabytes, characters, depth, parts, unpackedMegabytes, children);
    }

    public ParseLimits withCharacters(long most) {
        return new ParseLimits(time, memoryMegabytes, most, depth, parts, unpackedMegabytes, children);
    }

    public ParseLimits withDepth(int other) {
        return new ParseLimits(time, memoryMegabytes, characters, other, parts, unpackedMegabytes, children);
    }

    public ParseLimits withParts(int most) {
        return new ParseLimits(time, memoryMegabytes, characters, depth, most, unpackedMegabytes, children);
    }

    public ParseLimits withUnpacked(int megabytes) {
        return new ParseLimits(time, memoryMegabytes, characters, depth, parts, megabytes, children);
    }

    public ParseLimits withChildren(int other) {
        return new ParseLimits(time, memoryMegabytes, characters, depth, parts, unpackedMegabytes, other);
    }
}
