package dev.tandem.app.cli;

import dev.tandem.evidence.advice.Measurements;

/** Where the figures of finished comparisons are kept. */
@FunctionalInterface
interface RunReports {

    /** What a run measured; fails where there is no such run, and where it is not finished. */
    Measurements of(String run);
}
