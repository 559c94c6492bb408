package dev.tandem.parse;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How text is recognised in pictures: by the command {@code tesseract}, where it is installed.
 *
 * @param on whether it is asked where it is there
 * @param languages as tesseract calls them, {@code eng} or {@code deu+eng}
 * @param time for one file
 */
public record Ocr(boolean on, String languages, Duration time) {

    public static final Ocr OFF = new Ocr(false, "eng", Duration.ofMinutes(10));

    private static final String COMMAND = "tesseract";

    public Ocr {
        if (!languages.matches("\\w+(?:[+/]\\w+)*") || !time.isPositive()) {
            throw new IllegalArgumentException("no way to recognise text: " + languages + ", " + time);
        }
    }

    /** English, ten minutes. */
    public static Ocr standard() {
        return OFF.withOn(true);
    }

    public Ocr withOn(boolean other) {
        return new Ocr(other, languages, time);
    }

    public Ocr withLanguages(String others) {
        return new Ocr(on, others, time);
    }

    public Ocr withTime(Duration other) {
        return new Ocr(on, languages, other);
    }

    /** Where the command is; empty where it is not to be asked, or not there. */
    String command() {
        String path = on ? Objects.requireNonNullElse(System.getenv("PATH"), "") : "";
        for (String folder : path.split(File.pathSeparator, -1)) {
            for (String name : new String[] {COMMAND, COMMAND + ".exe"}) {
                try {
                    Path file = Path.of(folder).resolve(name);
                    if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                        return file.toAbsolutePath().toString();
                    }
                } catch (InvalidPathException noFolder) {
                    // What is no folder holds no command.
                }
            }
        }
        return "";
    }
}
