package dev.tandem.behavior.dataset;

/**
 * A row that is no example.
 *
 * @param file its name, without folders
 * @param line where it begins, from 1
 * @param reason why, in a few words; may quote what stands there, so it is shown to who reads the file only
 */
public record Rejected(String file, int line, String reason) {}
