package dev.tandem.behavior.tuning;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.Lora;
import dev.tandem.domain.Embedder;
import dev.tandem.domain.OpenEmbedder;
import dev.tandem.domain.OpenReranker;
import dev.tandem.domain.OpenSpanReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A base model that can be tuned, and encoders made of it. */
public interface TunableBase {

    BaseModel model();

    /** {@link BaseModel#name()}, without its weights. */
    String name();

    /** {@link BaseModel#hash()}, without its weights. */
    String hash();

    /** {@link BaseModel#shape()}, without its weights. */
    EncoderShape shape();

    /** The token ids of each text, as the encoder reads texts of that role, at most so many of each. */
    List<int[]> tokens(List<String> texts, Embedder.Role role, int maxTokens);

    /**
     * Question and passage in one sequence, without what the encoder wants before questions or passages.
     *
     * @param ids {@code [CLS] question [SEP] passage [SEP]}; the passage's end is cut where it is too long
     * @param second where the passage begins
     * @param starts where each token of the passage begins in its text, in UTF-16 code units
     * @param ends where it ends
     */
    record Joined(List<Integer> ids, int second, List<Integer> starts, List<Integer> ends) {
        public Joined {
            ids = List.copyOf(ids);
            starts = List.copyOf(starts);
            ends = List.copyOf(ends);
        }
    }

    /** Each question with the passage in the same place, at most so many tokens together. */
    List<Joined> joined(List<String> questions, List<String> passages, int maxTokens);

    /** The encoder as it is; its hash is the model's. */
    OpenEmbedder embedder();

    /**
     * The encoder with what was learned merged into it.
     *
     * @param hash of the adapter, under which the merged model is kept for the next time
     */
    OpenEmbedder embedder(Lora lora, String hash);

    /** A cross-encoder with what was learned merged into it; {@code hash} as in {@link #embedder(Lora, String)}. */
    OpenReranker reranker(Lora lora, Linear head, String hash);

    /** A reader with what was learned merged into it; {@code hash} as in {@link #embedder(Lora, String)}. */
    OpenSpanReader reader(Lora lora, Linear head, String hash);

    /**
     * Writes what runs without this program: a folder with {@code model.onnx} and {@code tokenizer.json}.
     *
     * @param head a layer on top, whose output is called {@code logits}; empty where states are all that is wanted
     * @param eachToken whether the head is for each token, or for the first alone
     */
    void export(Lora lora, Optional<Linear> head, boolean eachToken, Path folder);
}
