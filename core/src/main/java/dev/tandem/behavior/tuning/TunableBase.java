package dev.tandem.behavior.tuning;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.Lora;
import dev.tandem.domain.OpenEmbedder;
import java.util.List;

/** A base model that can be tuned, and encoders made of it. */
public interface TunableBase {

    BaseModel model();

    /** The token ids of each text, as the encoder reads passages, at most so many of each. */
    List<int[]> tokens(List<String> texts, int maxTokens);

    /** The encoder as it is; its hash is the model's. */
    OpenEmbedder embedder();

    /**
     * The encoder with what was learned merged into it.
     *
     * @param hash of the adapter, under which the merged model is kept for the next time
     */
    OpenEmbedder embedder(Lora lora, String hash);
}
