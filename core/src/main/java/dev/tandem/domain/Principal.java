package dev.tandem.domain;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Who asks: a tenant, a user in it, and the user's groups. Written {@code tenant:acme,user:ana,group:hr,group:ops}; the
 * tenant may be left out and is then {@code default}.
 */
public record Principal(String tenant, String user, SortedSet<String> groups) {

    public static final String DEFAULT_TENANT = "default";

    /** The grantee that stands for every user of the tenant. */
    public static final String EVERYONE = "everyone";

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,127}");
    /** Stricter than names: a tenant is also the name of a directory. */
    private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    public Principal {
        if (!TENANT.matcher(tenant).matches()) {
            throw invalid("The tenant name '" + Printable.of(tenant) + "' is not allowed");
        }
        requireName("user", user);
        groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
        groups.forEach(group -> requireName("group", group));
    }

    public static Principal ofUser(String user) {
        return new Principal(DEFAULT_TENANT, user, Collections.emptySortedSet());
    }

    /** Reads {@code tenant:acme,user:ana,group:hr}; exactly one user is needed. */
    public static Principal parse(String text) {
        String tenant = DEFAULT_TENANT;
        String user = "";
        var groups = new TreeSet<String>();
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            String kind = colon < 0 ? "" : part.substring(0, colon).strip();
            String name = part.substring(colon + 1).strip();
            switch (kind) {
                case "tenant" -> tenant = name;
                case "user" -> {
                    if (!user.isEmpty()) {
                        throw invalid("A principal has one user, but '" + Printable.of(text) + "' names two");
                    }
                    user = name;
                }
                case "group" -> groups.add(name);
                default -> throw invalid("'" + Printable.of(part) + "' is not part of a principal");
            }
        }
        if (user.isEmpty()) {
            throw invalid("The principal '" + Printable.of(text) + "' names no user");
        }
        return new Principal(tenant, user, groups);
    }

    /** The grantees this principal answers to, as they stand in an access set: {@code everyone, group:hr, user:ana}. */
    public SortedSet<String> grantees() {
        var all = new TreeSet<String>();
        all.add(EVERYONE);
        all.add("user:" + user);
        groups.forEach(group -> all.add("group:" + group));
        return Collections.unmodifiableSortedSet(all);
    }

    /** Equal for two principals exactly when they may read the same things; part of every cache key. */
    public String fingerprint() {
        return "tenant:" + tenant + "," + String.join(",", grantees());
    }

    static void requireName(String kind, String name) {
        if (!NAME.matcher(name).matches()) {
            throw invalid("The " + kind + " name '" + Printable.of(name) + "' is not allowed");
        }
    }

    private static Failure invalid(String what) {
        return new Failure(
                Failure.Kind.INVALID,
                what + ".",
                "Write principals like tenant:acme,user:ana,group:hr: letters, digits, and . _ @ + - in names.");
    }
}
