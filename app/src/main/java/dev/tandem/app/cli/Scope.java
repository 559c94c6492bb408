package dev.tandem.app.cli;

import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who asks: an option of every command that reads or writes knowledge. */
final class Scope {

    @Option(
            names = "--as",
            paramLabel = "PRINCIPAL",
            description = "who asks, such as tenant:acme,user:ana,group:hr (default: the system user)")
    @Nullable
    Principal given;

    Principal asker() {
        return given != null ? given : systemUser();
    }

    /** The system user in tenant {@code default}. */
    static Principal systemUser() {
        String user = System.getProperty("user.name", "");
        try {
            return Principal.ofUser(user);
        } catch (Failure e) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "The name of the system user, '" + Text.line(user, 60) + "', cannot be a principal's.",
                    "Say who asks with --as user:NAME.",
                    e);
        }
    }
}
