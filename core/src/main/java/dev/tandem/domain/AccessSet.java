package dev.tandem.domain;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who may read a document: grantees {@code user:ana}, {@code group:hr} or {@code everyone} (of the tenant), sorted. The
 * owner of a document may always read it and stands in its access set like any other grantee.
 */
public record AccessSet(SortedSet<String> grantees) {

    public AccessSet {
        grantees = Collections.unmodifiableSortedSet(new TreeSet<>(grantees));
        for (String grantee : grantees) {
            if (grantee.equals(Principal.EVERYONE)) {
                continue;
            }
            int colon = grantee.indexOf(':');
            String kind = colon < 0 ? "" : grantee.substring(0, colon);
            if (!kind.equals("user") && !kind.equals("group")) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "'" + Printable.of(grantee) + "' is not a grantee.",
                        "Grant to user:NAME, group:NAME or everyone, for example --allow group:hr,user:ana.");
            }
            Principal.requireName(kind, grantee.substring(colon + 1));
        }
    }

    public static AccessSet of(Collection<String> grantees) {
        return new AccessSet(new TreeSet<>(grantees));
    }

    /** What a document has when nothing else is said: its owner only. */
    public static AccessSet ownerOnly(Principal owner) {
        return of(List.of("user:" + owner.user()));
    }

    /** Reads the canonical form, {@code group:hr,user:ana}. */
    public static AccessSet parse(String text) {
        return of(Arrays.stream(text.split(",", -1)).map(String::strip).toList());
    }

    /** This set and the owner, who never loses sight of a document. */
    public AccessSet withOwner(Principal owner) {
        var all = new TreeSet<>(grantees);
        all.add("user:" + owner.user());
        return new AccessSet(all);
    }

    public boolean allows(Principal asker) {
        return !Collections.disjoint(grantees, asker.grantees());
    }

    /** The canonical form by which sets are interned. */
    public String canonical() {
        return String.join(",", grantees);
    }
}
