package dev.tandem.app.cli;

import picocli.CommandLine.Option;

/** The one collection that a command works in. */
final class InCollection {

    @Option(
            names = {"-c", "--collection"},
            paramLabel = "NAME",
            defaultValue = "default",
            description = "the set of documents (default: the one called default)")
    String name = "default";
}
