package dev.tandem.behavior.dataset;

import java.util.Arrays;

/** Joins numbers into groups (union-find); a group is known by its smallest member. */
final class Groups {

    private final int[] parent;

    Groups(int size) {
        parent = new int[size];
        Arrays.setAll(parent, i -> i);
    }

    int of(int member) {
        int root = member;
        while (parent[root] != root) {
            root = parent[root];
        }
        for (int each = member; each != root; ) {
            int next = parent[each];
            parent[each] = root;
            each = next;
        }
        return root;
    }

    void join(int one, int other) {
        int a = of(one);
        int b = of(other);
        parent[Math.max(a, b)] = Math.min(a, b);
    }

    int[] all() {
        int[] all = new int[parent.length];
        Arrays.setAll(all, this::of);
        return all;
    }
}
