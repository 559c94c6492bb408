package dev.tandem.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that this process held so far, native memory included. */
final class PeakMemory {

    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private PeakMemory() {}

    /** Resident, in MiB; -1 where the system does not say. */
    static long megabytes() {
        try {
            Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/self/status")));
            return peak.find() ? Long.parseLong(peak.group(1)) / 1_024 : -1;
        } catch (IOException e) {
            return -1;
        }
    }
}
