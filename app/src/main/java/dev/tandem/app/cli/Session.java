package dev.tandem.app.cli;

import java.util.Map;

/** What every command is given: where to read and write, and the variables it was started with. */
record Session(Terminal terminal, Map<String, String> environment) {}
