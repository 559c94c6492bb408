package dev.tandem.parse.child;

/**
 * What a child keeps to by itself; memory, time and space are the parent's to watch.
 *
 * @param characters of text that one file may hold
 * @param depth of files in files in files
 * @param parts files in one file, all levels together
 * @param unpackedBytes of all parts together
 */
public record Bounds(long characters, int depth, int parts, long unpackedBytes) {

    public Bounds {
        if (characters < 1 || depth < 0 || parts < 0 || unpackedBytes < 0) {
            throw new IllegalArgumentException("no bounds: " + characters + " characters");
        }
    }

    /** As a word on a command line, which {@link #parse} reads. */
    public String asArgument() {
        return characters + ":" + depth + ":" + parts + ":" + unpackedBytes;
    }

    static Bounds parse(String argument) {
        String[] numbers = argument.split(":", -1);
        return new Bounds(
                Long.parseLong(numbers[0]),
                Integer.parseInt(numbers[1]),
                Integer.parseInt(numbers[2]),
                Long.parseLong(numbers[3]));
    }
}
