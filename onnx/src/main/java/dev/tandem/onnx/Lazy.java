package dev.tandem.onnx;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A native resource that is opened when it is first asked for; an opening that failed is tried again the next time. */
final class Lazy<T> {

    private final Supplier<T> opening;
    private final Consumer<T> closing;
    private @Nullable T opened;

    Lazy(Supplier<T> opening, Consumer<T> closing) {
        this.opening = opening;
        this.closing = closing;
    }

    synchronized T get() {
        if (opened == null) {
            opened = opening.get();
        }
        return opened;
    }

    /** Closes what is open; after that nobody may ask again. */
    synchronized void close() {
        if (opened != null) {
            closing.accept(opened);
            opened = null;
        }
    }
}
