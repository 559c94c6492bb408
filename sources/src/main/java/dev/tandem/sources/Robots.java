package dev.tandem.sources;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a host asks of robots: RFC 9309, and {@code Crawl-delay}, which is older than it. */
final class Robots {

    private static final long LONGEST_DELAY = 10_000;
    private static final int LARGEST = 500_000;

    /** A path pattern and what it says; the longest that fits counts, and of two as long the one that allows. */
    private record Rule(boolean allows, int length, Pattern pattern) {}

    private final List<Rule> rules;
    private final long delayMillis;

    private Robots(List<Rule> rules, long delayMillis) {
        this.rules = rules;
        this.delayMillis = delayMillis;
    }

    static Robots none() {
        return new Robots(List.of(), 0);
    }

    /** The group of this robot, else the one for all. */
    static Robots read(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, LARGEST), StandardCharsets.UTF_8);
        var own = new Group();
        var all = new Group();
        var named = new ArrayList<Group>();
        boolean inRules = false;
        for (String line : text.split("\\R", -1)) {
            String[] sides = line.replaceFirst("#.*", "").split(":", 2);
            if (sides.length < 2) {
                continue;
            }
            String key = sides[0].strip().toLowerCase(Locale.ROOT);
            String value = sides[1].strip();
            if (key.equals("user-agent")) {
                if (inRules) {
                    named.clear();
                    inRules = false;
                }
                String agent = value.toLowerCase(Locale.ROOT);
                if (agent.equals("*")) {
                    named.add(all);
                } else if (agent.equals(Fetcher.AGENT.toLowerCase(Locale.ROOT))) {
                    own.present = true;
                    named.add(own);
                }
            } else if (key.equals("allow") || key.equals("disallow") || key.equals("crawl-delay")) {
                inRules = true;
                named.forEach(group -> group.add(key, value));
            }
        }
        return own.present ? own.done() : all.done();
    }

    boolean allows(URI uri) {
        String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        Rule best = null;
        for (Rule rule : rules) {
            boolean fits = rule.pattern.matcher(path).lookingAt();
            if (fits && (best == null || rule.length > best.length || (rule.length == best.length && rule.allows))) {
                best = rule;
            }
        }
        return best == null || best.allows;
    }

    long delayMillis() {
        return delayMillis;
    }

    private static final class Group {
        private final List<Rule> rules = new ArrayList<>();
        private boolean present;
        private long delay;

        void add(String key, String value) {
            if (key.equals("crawl-delay")) {
                if (value.matches("\\d{1,6}(\\.\\d{1,3})?")) {
                    delay = Math.min(LONGEST_DELAY, Math.round(Double.parseDouble(value) * 1_000));
                }
            } else if (!value.isEmpty() && rules.size() < 1_000) {
                rules.add(new Rule(key.equals("allow"), value.length(), pattern(value)));
            }
        }

        Robots done() {
            return new Robots(List.copyOf(rules), delay);
        }
    }

    private static Pattern pattern(String value) {
        boolean toEnd = value.endsWith("$");
        String body = toEnd ? value.substring(0, value.length() - 1) : value;
        var regex = new StringBuilder();
        for (String part : body.replaceAll("\\*+", "*").split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*?").append(Pattern.quote(part));
        }
        return Pattern.compile(regex + (toEnd ? "$" : ""));
    }
}
