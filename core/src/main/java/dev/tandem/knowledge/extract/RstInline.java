package dev.tandem.knowledge.extract;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a stretch of reStructuredText, without marks; references become the text that a reader sees. */
final class RstInline {

    /** In the order in which they are tried. No part can run over another mark of its kind, so matching is linear. */
    private static final Pattern MARKS = Pattern.compile("``(?<literal>[^`]+(?:`[^`]+)*?)``"
            + "|(?::[a-zA-Z][\\w:+.-]{0,60}:)?`(?<phrase>[^`]+)`(?::[a-zA-Z][\\w:+.-]{0,60}:)?_{0,2}"
            + "|\\*\\*(?<strong>[^*]+)\\*\\*"
            + "|\\*(?<emphasis>[^*\\s][^*]*)\\*"
            + "|\\|(?<name>[^|\\s][^|\\n]{0,80})\\|_{0,2}"
            + "|(?<![\\w`/])(?<word>[A-Za-z0-9]{1,60}(?:[-.][A-Za-z0-9]{1,60}){0,8})__?(?=[\\s.,;:)!?]|$)"
            + "|\\[(?<note>[#*\\w-]{1,40})\\]_"
            + "|\\\\(?<escaped>.|$)");

    private static final Pattern TARGET = Pattern.compile("\\s*<[^<>]*>$");

    private static final Pattern DEFINITION =
            Pattern.compile("^\\.\\. \\|([^|\\n]{1,80})\\| (?:replace|unicode):: *(.*)$", Pattern.MULTILINE);

    private final Map<String, String> substitutions =
            new HashMap<>(Map.of("ndash", "–", "mdash", "—", "nbsp", " ", "trade", "™", "reg", "®", "copy", "©"));

    /** Knows the substitutions that a document defines. */
    RstInline(List<String> lines) {
        for (String line : lines) {
            Matcher found = DEFINITION.matcher(line);
            if (line.startsWith(".. |") && found.matches()) {
                substitutions.put(found.group(1), found.group(2).replace("|", ""));
            }
        }
    }

    String words(String marked) {
        if (marked.chars().noneMatch(c -> c == '`' || c == '*' || c == '|' || c == '_' || c == '\\')) {
            return Tidy.line(marked);
        }
        var out = new StringBuilder();
        Matcher marks = MARKS.matcher(marked);
        while (marks.find()) {
            marks.appendReplacement(out, Matcher.quoteReplacement(words(marks)));
        }
        return Tidy.line(marks.appendTail(out));
    }

    private String words(Matcher mark) {
        if (mark.group("literal") != null) {
            return mark.group("literal");
        }
        if (mark.group("phrase") != null) {
            String phrase = mark.group("phrase");
            String shown = phrase.indexOf('<') > 0 ? TARGET.matcher(phrase).replaceFirst("") : phrase;
            return substitute(shown.startsWith("~") ? shown.substring(shown.lastIndexOf('.') + 1) : shown);
        }
        if (mark.group("strong") != null) {
            return substitute(mark.group("strong"));
        }
        if (mark.group("emphasis") != null) {
            return substitute(mark.group("emphasis"));
        }
        if (mark.group("name") != null) {
            return substitutions.getOrDefault(mark.group("name"), mark.group("name"));
        }
        if (mark.group("word") != null) {
            return mark.group("word");
        }
        if (mark.group("note") != null) {
            return "[" + mark.group("note") + "]";
        }
        // A backslash before a space joins what stands around it.
        return mark.group("escaped").isBlank() ? "" : mark.group("escaped");
    }

    private String substitute(String text) {
        String done = text;
        for (int bar = done.indexOf('|'); bar >= 0; bar = done.indexOf('|', bar + 1)) {
            int end = done.indexOf('|', bar + 1);
            String value = end < 0 ? null : substitutions.get(done.substring(bar + 1, end));
            if (value != null) {
                done = done.substring(0, bar) + value + done.substring(end + 1);
                bar += value.length() - 1;
            }
        }
        return done;
    }
}
