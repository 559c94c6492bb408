package dev.tandem.behavior.tuning;

import dev.tandem.behavior.registry.Registry;
import dev.tandem.catalog.AdapterEntry;
import dev.tandem.domain.Answer;
import dev.tandem.domain.Failure;
import dev.tandem.domain.Principal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The classifier that a name means, also while it changes: what is promoted is opened beside the one at work and takes its
 * place between two requests. No request fails of it, and the old one is closed when its last request is answered.
 *
 * <p>A new one that cannot be opened is told of once, and the old one goes on; a new promotion is tried again. Where the asker
 * may not use the old one any more, the new one is waited for. Any number of threads may ask.
 */
public final class FollowedClassifier implements AutoCloseable {

    /** How long the request that meets a change waits for the new one: enough for a head alone. */
    private static final long PATIENCE_MILLIS = 500;

    private final Registry registry;
    private final Principal asker;
    private final String reference;
    private final Function<AdapterEntry, Classifier> opener;
    private final Consumer<Failure> unusable;
    private final Object change = new Object();

    private volatile Held held;
    private volatile @Nullable Opening opening;

    private FollowedClassifier(
            Registry registry,
            Principal asker,
            String reference,
            Function<AdapterEntry, Classifier> opener,
            Consumer<Failure> unusable) {
        this.registry = registry;
        this.asker = asker;
        this.reference = reference;
        this.opener = opener;
        this.unusable = unusable;
        this.held = new Held(opener.apply(registry.find(asker, reference)));
    }

    /**
     * Opens what the name means now.
     *
     * @param reference as {@link Registry#find} takes it
     * @param opener opens an adapter that was found
     * @param unusable told once of each that was promoted and cannot be opened
     * @throws Failure as the opener's
     */
    public static FollowedClassifier open(
            Registry registry,
            Principal asker,
            String reference,
            Function<AdapterEntry, Classifier> opener,
            Consumer<Failure> unusable) {
        return new FollowedClassifier(registry, asker, reference, opener, unusable);
    }

    /** One classifier and the requests that it is answering. */
    private static final class Held {
        final Classifier classifier;
        final ReentrantReadWriteLock answering = new ReentrantReadWriteLock();
        boolean closed;

        Held(Classifier classifier) {
            this.classifier = classifier;
        }

        void close() {
            answering.writeLock().lock();
            try {
                if (!closed) {
                    closed = true;
                    classifier.close();
                }
            } finally {
                answering.writeLock().unlock();
            }
        }
    }

    /** A new one on its way. */
    private static final class Opening {
        final AdapterEntry adapter;
        final CountDownLatch done = new CountDownLatch(1);

        Opening(AdapterEntry adapter) {
            this.adapter = adapter;
        }
    }

    /**
     * Labels, and who gave them.
     *
     * @param threshold of that classifier
     */
    public record Answered(AdapterEntry adapter, double threshold, List<Answer.Labelled> labels) {
        public Answered {
            labels = List.copyOf(labels);
        }
    }

    /** The one at work. */
    public AdapterEntry adapter() {
        return held.classifier.adapter();
    }

    /**
     * The label of each text, in their order, all by the same classifier.
     *
     * @throws Failure MISSING where there is none that the asker may use any more
     */
    public Answered classify(List<String> texts) {
        follow(registry.find(asker, reference));
        while (true) {
            Held now = held;
            now.answering.readLock().lock();
            try {
                if (!now.closed) {
                    return new Answered(
                            now.classifier.adapter(),
                            now.classifier.threshold(),
                            now.classifier.classify(asker, texts));
                }
                if (now == held) {
                    throw new IllegalStateException("the classifier is closed");
                }
            } finally {
                now.answering.readLock().unlock();
            }
        }
    }

    private void follow(AdapterEntry wanted) {
        if (isSame(wanted, adapter())) {
            Opening last = opening;
            if (last != null && last.done.getCount() == 0) {
                opening = null;
            }
            return;
        }
        Opening mine = null;
        synchronized (change) {
            Opening under = opening;
            if (under == null || !isSame(under.adapter, wanted)) {
                mine = new Opening(wanted);
                opening = mine;
                Opening begun = mine;
                Thread.ofPlatform()
                        .daemon()
                        .name("tandem-classifier-" + wanted.reference())
                        .start(() -> open(begun));
            }
        }
        Opening under = mine == null ? opening : mine;
        try {
            if (under != null && !registry.mayUse(asker, adapter())) {
                under.done.await();
            } else if (mine != null) {
                boolean _ = mine.done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void open(Opening mine) {
        try {
            Classifier fresh = opener.apply(mine.adapter);
            Held old = null;
            synchronized (change) {
                if (opening == mine) {
                    old = held;
                    held = new Held(fresh);
                }
            }
            if (old == null) {
                // Another was promoted meanwhile.
                fresh.close();
            } else {
                mine.done.countDown();
                old.close();
            }
        } catch (Failure e) {
            // It stays the one that was tried last, so that it is not tried at every request.
            unusable.accept(e);
        } catch (RuntimeException e) {
            unusable.accept(new Failure(
                    Failure.Kind.BROKEN,
                    "The adapter " + mine.adapter.reference() + " cannot be opened: " + e.getMessage() + ".",
                    "Look at it with tandem adapters show " + mine.adapter.name() + ".",
                    e));
        } finally {
            mine.done.countDown();
        }
    }

    private static boolean isSame(AdapterEntry one, AdapterEntry other) {
        return Objects.equals(one.hash(), other.hash()) && one.reference().equals(other.reference());
    }

    /** Waits for the requests under way; later ones are an error. */
    @Override
    public void close() {
        Held last;
        synchronized (change) {
            opening = null;
            last = held;
        }
        last.close();
    }
}
