package dev.tandem.domain;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one gate through which text leaves this machine. A model says where it sends what it is given ({@code endpoints()});
 * a collection may be local-only; and where the first is not empty and the second holds, nothing is sent.
 */
@FunctionalInterface
public interface LocalOnly {

    /** Whether texts and questions of this collection stay on this machine, as it is at this moment. */
    boolean isLocalOnly(String collection);

    /**
     * To be called with everything that is about to leave, immediately before it does.
     *
     * @param collection that the text is of, or asks of
     * @param endpoints where it would go; empty where it stays
     * @param instead what can be done that stays here
     * @throws Failure DENIED, naming both
     */
    private void pass(String collection, List<String> endpoints, String instead) {
        if (!endpoints.isEmpty() && isLocalOnly(collection)) {
            throw new Failure(
                    Failure.Kind.DENIED,
                    "The collection '" + Printable.of(collection)
                            + "' is local-only: nothing of it, and no question put to" + " it, is sent to "
                            + Printable.of(String.join(" or ", endpoints)) + ".",
                    instead);
        }
    }

    /** The same for what an encoder is asked, if only how large its vectors are. */
    default void pass(String collection, Embedder encoder) {
        pass(
                collection,
                encoder.endpoints(),
                "Use an encoder on this machine: tandem reembed --encoder bundled, or ingest --encoder bundled where"
                        + " the collection is new.");
    }

    /** The model, asked only what may go where it sends it. */
    default Generator guard(Generator model) {
        return new Generator() {
            @Override
            public String name() {
                return model.name();
            }

            @Override
            public List<String> endpoints() {
                return model.endpoints();
            }

            @Override
            public Completion generate(Prompt prompt, Consumer<String> onText) {
                pass(
                        prompt.collection(),
                        model.endpoints(),
                        "Answer with the built-in reader: tandem ask --reader; or use a model on this machine, such as"
                                + " ollama:NAME.");
                return model.generate(prompt, onText);
            }

            @Override
            public Generator within(Duration time) {
                return guard(model.within(time));
            }
        };
    }

    /** The encoder, for texts of this collection and questions to it. */
    default Embedder guard(Embedder encoder, String collection) {
        return new Embedder() {
            @Override
            public Encoder encoder() {
                // A server may have to be asked.
                pass(collection, encoder);
                return encoder.encoder();
            }

            @Override
            public List<String> endpoints() {
                return encoder.endpoints();
            }

            @Override
            public List<float[]> embed(List<String> texts, Role role) {
                pass(collection, encoder);
                return encoder.embed(texts, role);
            }

            @Override
            public void embed(List<String> texts, Role role, Sink sink) {
                pass(collection, encoder);
                encoder.embed(texts, role, sink);
            }

            @Override
            public Optional<URI> server() {
                return encoder.server();
            }

            @Override
            public int countTokens(String text) {
                return encoder.countTokens(text);
            }
        };
    }
}
