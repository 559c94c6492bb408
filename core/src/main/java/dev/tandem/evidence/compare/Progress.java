package dev.tandem.evidence.compare;

import java.time.Duration;

/**
 * How far a comparison is.
 *
 * @param arm that is measured now
 * @param done outcomes known, of all arms, those from before included
 * @param total outcomes wanted
 * @param left at the pace so far; zero where nothing was measured yet
 */
public record Progress(String arm, int done, int total, Duration left) {
    public double share() {
        return total == 0 ? 1 : (double) done / total;
    }
}
