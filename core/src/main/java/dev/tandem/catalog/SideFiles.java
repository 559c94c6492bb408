package dev.tandem.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What stands beside a tenant's catalog, read whole: conversations, what was used of language models, the
 * audit trail, the cache of answers. */
public final class SideFiles {

    private SideFiles() {}

    /**
     * What was found.
     *
     * @param mended what was damaged and is whole again
     * @param left what is damaged still, each with what to do
     */
    public record Checked(List<String> mended, List<String> left) {
        public Checked {
            mended = List.copyOf(mended);
            left = List.copyOf(left);
        }
    }

    /** Checks them; a damaged cache is begun anew, nothing else can be had from anywhere. */
    public static Checked check(HomeLock lock, String tenant) {
        Home home = lock.home();
        lock.requireHeld(home);
        var mended = new ArrayList<String>();
        var left = new ArrayList<String>();
        Answers.file(home, tenant).damage(Answers::damaged).ifPresent(what -> {
            delete(home.answers(tenant));
            mended.add("The cache of answers " + home.answers(tenant) + ": " + what + ". It is begun anew.");
        });
        Conversations.file(home, tenant)
                .damage(Conversations::damaged)
                .ifPresent(what -> left.add("Conversations " + home.chats(tenant) + ": " + what
                        + ". A turn that is damaged is not shown. Take the file from a backup, or, where no conversation can"
                        + " be shown any more, move it away: documents do not need it."));
        Usage.file(home, tenant)
                .damage(_ -> 0L)
                .ifPresent(
                        what -> left.add(
                                "What was used of language models " + home.usage(tenant) + ": " + what
                                        + ". Take the file from a backup, or move it away: this month's budget then counts from nothing."));
        Audit.file(home, tenant)
                .damage(Audit::damaged)
                .ifPresent(what -> left.add("The audit trail " + home.audit(tenant) + ": " + what
                        + ". Take the file from a backup; nothing else needs it."));
        return new Checked(mended, left);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-journal"));
        } catch (IOException e) {
            throw Storage.failure(e, file);
        }
    }
}
