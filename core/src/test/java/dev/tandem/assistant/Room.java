package dev.tandem.assistant;

import dev.tandem.catalog.Answers;
import dev.tandem.catalog.Catalog;
import dev.tandem.catalog.Conversations;
import dev.tandem.catalog.Home;
import dev.tandem.domain.AccessSet;
import dev.tandem.domain.Generator;
import dev.tandem.domain.Principal;
import dev.tandem.domain.Searcher;
import dev.tandem.knowledge.index.CollectionIndex;
import dev.tandem.knowledge.ingest.Ingestor;
import dev.tandem.knowledge.ingest.Request;
import dev.tandem.knowledge.retrieve.HashingEmbedder;
import dev.tandem.knowledge.retrieve.Retriever;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A home in which people talk: everything in it is real but the encoder and the language model. */
final class Room implements AutoCloseable {

    static final Principal ANA = Principal.parse("user:ana,group:hr");
    static final Principal BEN = Principal.parse("user:ben,group:ops");
    static final Duration TIME = Duration.ofSeconds(30);

    final Home home;
    final Ingestor ingestor;
    final Catalog catalog;
    private final Path docs;
    private final HashingEmbedder embedder = new HashingEmbedder();
    private final CollectionIndex[] index = new CollectionIndex[1];

    Room(Path folder) {
        home = Home.at(folder.resolve("home"));
        docs = folder.resolve("docs");
        ingestor = Ingestor.open(home, embedder);
        catalog = Catalog.read(home, Principal.DEFAULT_TENANT);
    }

    /** Ana's, readable to Ben; returns its id. */
    String document(String name, String text) {
        try {
            Files.createDirectories(docs);
            Path file = Files.writeString(docs.resolve(name), text);
            ingestor.ingest(
                    Request.of(ANA, "default", List.of(file.toString())).allowing(AccessSet.parse("user:ben")),
                    _ -> {});
            return catalog.document(ANA, "default", file.toString())
                    .orElseThrow()
                    .id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void readers(String id, String readers) {
        ingestor.setAccess(ANA, "default", id, AccessSet.parse(readers));
    }

    private Searcher searcher() {
        return Retriever.fused((_, _) -> Optional.of(open()), embedder, catalog);
    }

    private synchronized CollectionIndex open() {
        if (index[0] == null) {
            index[0] = CollectionIndex.read(home.index("default", "default"), embedder.encoder());
        }
        return index[0];
    }

    Assistant reading() {
        return Assistant.reading(
                searcher(),
                catalog,
                embedder,
                AssistantSettings.DEFAULT.withAbstainBelow(.02).withPassages(2));
    }

    Assistant writing(Generator model) {
        return Assistant.writing(searcher(), catalog, embedder, model, AssistantSettings.DEFAULT.withPassages(2));
    }

    Answers answers() {
        return Answers.of(home, "default");
    }

    Remembering remembering(Assistant assistant) {
        return remembering(assistant, "");
    }

    Remembering remembering(Assistant assistant, String settings) {
        return new Remembering(assistant, answers(), (_, _) -> catalog.moment() + "." + open().sequence(), settings);
    }

    Chat.Table table(Principal asker, Assistant assistant, Assistant.Replies replies, StandAlone standAlone) {
        return new Chat.Table(assistant, replies, catalog, Conversations.of(home, asker), standAlone, TIME, asker);
    }

    /** With the built-in reader. */
    Chat.Table table(Principal asker) {
        Assistant assistant = reading();
        return table(asker, assistant, remembering(assistant), StandAlone.byRules());
    }

    /** With a language model for both. */
    Chat.Table table(Principal asker, Generator model) {
        Assistant assistant = writing(model);
        return table(asker, assistant, remembering(assistant), StandAlone.by(model, embedder::countTokens));
    }

    @Override
    public void close() {
        if (index[0] != null) {
            index[0].close();
        }
        catalog.close();
        ingestor.close();
    }

    /** A language model that makes its text of the prompt, and remembers what it was sent and how much time it had. */
    static final class Model implements Generator {
        final List<Prompt> prompts = Collections.synchronizedList(new ArrayList<>());
        final List<Duration> times = Collections.synchronizedList(new ArrayList<>());
        private final Function<Prompt, String> says;
        private final boolean truncated;
        private final String by;

        Model(Function<Prompt, String> says) {
            this(says, false, "model");
        }

        Model(Function<Prompt, String> says, boolean truncated, String by) {
            this.says = says;
            this.truncated = truncated;
            this.by = by;
        }

        /** Cites the first sentence of every source; says a follow-up as {@code standAlone} does. */
        static Model citing(Function<Prompt, String> standAlone) {
            return new Model(
                    prompt -> prompt.user().contains("<source") ? cited(prompt.user()) : standAlone.apply(prompt));
        }

        static String cited(String prompt) {
            var said = new StringBuilder();
            String[] sources = prompt.split("<source number=", -1);
            for (int i = 1; i < sources.length; i++) {
                String text = sources[i].substring(sources[i].indexOf(">\n") + 2, sources[i].indexOf("</source>"));
                String sentence = text.strip().replaceAll("(?s)^(?:#[^\n]*\n+)*", "");
                said.append(sentence.split("(?<=[.!?])\\s", -1)[0].replaceAll("[.!?]$", ""))
                        .append(" [")
                        .append(i)
                        .append("]. ");
            }
            return said.toString();
        }

        @Override
        public String name() {
            return "model";
        }

        @Override
        public Generator within(Duration time) {
            times.add(time);
            return this;
        }

        @Override
        public Completion generate(Prompt prompt, Consumer<String> onText) {
            prompts.add(prompt);
            return new Completion(says.apply(prompt), truncated, 10, 10, by);
        }

        String sent() {
            return String.join("\n", prompts.stream().map(Prompt::user).toList());
        }
    }
}
