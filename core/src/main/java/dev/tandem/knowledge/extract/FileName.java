package dev.tandem.knowledge.extract;

import java.util.Locale;

/** What a path alone tells. */
final class FileName {

    private FileName() {}

    /** The extension in lower case, without the dot; empty where there is none. */
    static String extension(String path) {
        String name = last(path);
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** The file's name without its extension, as a title of last resort. */
    static String title(String path) {
        String name = last(path);
        int dot = name.lastIndexOf('.');
        String title = Tidy.title(dot > 0 ? name.substring(0, dot) : name);
        return title.isEmpty() ? "untitled" : title;
    }

    private static String last(String path) {
        return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    }
}
