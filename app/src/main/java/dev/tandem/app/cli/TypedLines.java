package dev.tandem.app.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines of standard input. Of a line that no question can be as long as, the rest is read over. */
final class TypedLines {

    /** Enough to be refused as too long. */
    private static final int MOST_BYTES = 1 << 16;

    private final InputStream in;

    TypedLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /** Without its end; null where there are no more. */
    @Nullable
    String next() throws IOException {
        var line = new ByteArrayOutputStream();
        int read = in.read();
        if (read < 0) {
            return null;
        }
        while (read >= 0 && read != '\n') {
            if (line.size() < MOST_BYTES) {
                line.write(read);
            }
            read = in.read();
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }
}
