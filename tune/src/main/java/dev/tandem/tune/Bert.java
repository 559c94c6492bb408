package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.model.Lora;
import dev.tandem.behavior.model.LoraSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A BERT encoder whose own weights stay as they are, with low-rank weights beside its linear layers that are learned.
 * Post-norm, GELU by the error function, as in the original.
 */
final class Bert {

    /** Numbers that are kept of layers that do not change, at most: 4 GB. */
    private static final long MOST_KEPT = 1_000_000_000;

    private final EncoderShape shape;
    private final Numbers numbers;
    private final SortedMap<String, Tensor> frozen = new TreeMap<>();
    private final @Nullable LoraSettings settings;
    private final SortedMap<String, Tensor> a = new TreeMap<>();
    private final SortedMap<String, Tensor> b = new TreeMap<>();
    /** By the very array of a text's tokens, the states that go into the lowest layer that is learned beside. */
    private final Map<int[], Tensor> computed;

    private final AtomicLong keptNumbers;
    /** Of what is dropped. */
    private final Generator chance = torch.createCPUGenerator();

    /**
     * As it was published, or with what is to be learned beside it: A uniform in ±1/√inputs, B zero, so that it begins as
     * it was.
     *
     * @param seed of A
     */
    Bert(BaseModel base, @Nullable LoraSettings settings, Numbers numbers, long seed) {
        this(base, numbers, settings);
        if (settings != null) {
            var random = new SplittableRandom(seed);
            settings.layers(shape).forEach((layer, sizes) -> {
                int outputs = sizes.get(0);
                int inputs = sizes.get(1);
                var values = new float[settings.rank() * inputs];
                double bound = 1 / Math.sqrt(inputs);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextDouble(-bound, bound);
                }
                learn(layer, values, new float[outputs * settings.rank()], inputs, outputs);
            });
        }
    }

    /** With what was learned before. */
    Bert(BaseModel base, Lora lora, Numbers numbers) {
        this(base, numbers, lora.settings());
        lora.factors()
                .forEach((layer, factors) -> learn(
                        layer,
                        factors.a().values(),
                        factors.b().values(),
                        factors.a().shape().get(1),
                        factors.b().shape().get(0)));
    }

    private Bert(BaseModel base, Numbers numbers, @Nullable LoraSettings settings) {
        this.shape = base.shape();
        this.numbers = numbers;
        this.settings = settings;
        this.computed = Collections.synchronizedMap(new IdentityHashMap<>());
        this.keptNumbers = new AtomicLong();
        base.tensors().forEach((name, tensor) -> frozen.put(name, numbers.of(tensor)));
    }

    private Bert(Bert other) {
        this.shape = other.shape;
        this.numbers = other.numbers;
        this.settings = other.settings;
        this.computed = other.computed;
        this.keptNumbers = other.keptNumbers;
        frozen.putAll(other.frozen);
        other.a.forEach((layer, first) -> a.put(layer, first.detach().set_requires_grad(true)));
        other.b.forEach((layer, second) -> b.put(layer, second.detach().set_requires_grad(true)));
    }

    /** The same weights in the same place, with gradients of their own. */
    Bert replica() {
        return new Bert(this);
    }

    /** What is dropped from now on follows from this. */
    void seed(long seed) {
        chance.set_current_seed(seed);
    }

    private void learn(String layer, float[] first, float[] second, int inputs, int outputs) {
        int rank = rank();
        a.put(layer, numbers.of(first, List.of(rank, inputs)).set_requires_grad(true));
        b.put(layer, numbers.of(second, List.of(outputs, rank)).set_requires_grad(true));
    }

    private int rank() {
        return settings == null ? 0 : settings.rank();
    }

    /** What is learned: all A by the names of their layers, then all B. */
    List<Tensor> learned() {
        var all = new ArrayList<>(a.values());
        all.addAll(b.values());
        return all;
    }

    /** A copy of what is learned now. */
    Lora lora() {
        if (settings == null) {
            throw new IllegalStateException("nothing is learned");
        }
        var factors = new TreeMap<String, Lora.Factors>();
        a.forEach((layer, first) -> factors.put(layer, new Lora.Factors(plain(first), plain(learned(b, layer)))));
        return new Lora(settings, factors);
    }

    private static Tensor learned(Map<String, Tensor> of, String layer) {
        Tensor tensor = of.get(layer);
        if (tensor == null) {
            throw new IllegalArgumentException(layer);
        }
        return tensor;
    }

    private static FloatTensor plain(Tensor tensor) {
        return FloatTensor.matrix((int) tensor.size(0), (int) tensor.size(1), Numbers.floats(tensor));
    }

    /**
     * The last layer's output, [texts, length, hidden].
     *
     * @param training whether dropout holds
     */
    Tensor hidden(Batch batch, boolean training) {
        TensorOptional mask = mask(batch);
        Tensor states = below(batch, mask, training);
        for (int layer = lowest(); layer < shape.layers(); layer++) {
            states = layer(layer, states, mask, training, false);
        }
        return states;
    }

    /** The lowest layer that is learned beside. */
    private int lowest() {
        return settings == null ? 0 : settings.lowestLayer();
    }

    /**
     * The states that go into the lowest layer that is learned beside. What is learned changes nothing of them, so that of
     * texts that are learned from they are computed once.
     */
    private Tensor below(Batch batch, TensorOptional mask, boolean training) {
        if (lowest() == 0) {
            return embedded(batch);
        }
        if (!training) {
            return below(batch, mask);
        }
        try (var _ = new NoGradGuard()) {
            Tensor all = torch.zeros(
                    new long[] {batch.size(), batch.length(), shape.hidden()},
                    new TensorOptions().dtype(new ScalarTypeOptional(numbers.type())));
            for (int row = 0; row < batch.size(); row++) {
                Tensor kept = kept(batch, row);
                all.select(0, row).narrow(0, 0, kept.size(0)).copy_(kept);
            }
            return all;
        }
    }

    /** Of one text, [tokens, hidden]: computed alone, so that it does not depend on the batch that it first came in. */
    private Tensor kept(Batch batch, int row) {
        int[] text = batch.texts().get(row);
        Tensor known = computed.get(text);
        if (known != null) {
            return known;
        }
        Batch alone = batch.alone(row);
        Tensor states = below(alone, mask(alone)).select(0, 0);
        if (keptNumbers.addAndGet(states.numel()) <= MOST_KEPT) {
            // Outlives the step that it was first needed in.
            states.retainReference();
            computed.put(text, states);
        }
        return states;
    }

    private Tensor below(Batch batch, TensorOptional mask) {
        Tensor states = embedded(batch);
        for (int layer = 0; layer < lowest(); layer++) {
            states = layer(layer, states, mask, false, false);
        }
        return states;
    }

    private Tensor embedded(Batch batch) {
        long[] sizes = {batch.size(), batch.length()};
        Tensor ids = Tensor.create(batch.ids(), sizes);
        Tensor words = torch.embedding(weight("embeddings.word_embeddings"), ids);
        Tensor places = weight("embeddings.position_embeddings").narrow(0, 0, batch.length());
        long[] types = batch.types();
        Tensor type = types == null
                ? weight("embeddings.token_type_embeddings").select(0, 0)
                : torch.embedding(weight("embeddings.token_type_embeddings"), Tensor.create(types, sizes));
        return norm(words.add(places).add(type), "embeddings.LayerNorm");
    }

    private static TensorOptional mask(Batch batch) {
        return batch.padded()
                ? new TensorOptional(Tensor.create(batch.mask(), batch.size(), batch.length())
                        .unsqueeze(1)
                        .unsqueeze(1))
                : new TensorOptional();
    }

    /**
     * The first token's output, of length 1: [texts, hidden]. In the last layer the other tokens are only looked at, so
     * nothing else is computed of them there.
     */
    Tensor sentence(Batch batch, boolean training) {
        return torch.normalize(first(batch, training));
    }

    /** The first token's output, [texts, hidden]; see {@link #sentence}. */
    Tensor first(Batch batch, boolean training) {
        TensorOptional mask = mask(batch);
        Tensor states = below(batch, mask, training);
        int last = shape.layers() - 1;
        for (int layer = lowest(); layer < last; layer++) {
            states = layer(layer, states, mask, training, false);
        }
        return layer(last, states, mask, training, true).select(1, 0);
    }

    /**
     * One layer's output, of all tokens or of the first one of each text.
     *
     * @param states all of them, which are attended to, [texts, length, hidden]
     */
    private Tensor layer(int number, Tensor states, TensorOptional mask, boolean training, boolean firstOnly) {
        Tensor from = firstOnly ? states.narrow(1, 0, 1) : states;
        Tensor query = heads(linear(number, "attention.self.query", from, training));
        Tensor key = heads(linear(number, "attention.self.key", states, training));
        Tensor value = heads(linear(number, "attention.self.value", states, training));
        Tensor attended =
                torch.scaled_dot_product_attention(query, key, value, mask, 0, false, new DoubleOptional(), false);
        Tensor joined = attended.transpose(1, 2).reshape(from.size(0), from.size(1), shape.hidden());
        Tensor middle = norm(
                linear(number, "attention.output.dense", joined, training).add(from),
                EncoderShape.layer(number, "attention.output.LayerNorm"));
        Tensor wide = torch.gelu(linear(number, "intermediate.dense", middle, training));
        return norm(
                linear(number, "output.dense", wide, training).add(middle),
                EncoderShape.layer(number, "output.LayerNorm"));
    }

    /** [texts, length, hidden] to [texts, heads, length, hidden / heads]. */
    private Tensor heads(Tensor states) {
        return states.reshape(states.size(0), states.size(1), shape.heads(), shape.hidden() / shape.heads())
                .transpose(1, 2);
    }

    private Tensor linear(int number, String part, Tensor inputs, boolean training) {
        String layer = EncoderShape.layer(number, part);
        Tensor weight = weight(layer);
        Tensor rows = inputs.reshape(-1, weight.size(1));
        Tensor outputs = torch.linear(rows, weight, new TensorOptional(frozen(layer + ".bias")));
        Tensor first = a.get(layer);
        LoraSettings lora = settings;
        if (first != null && lora != null) {
            Tensor given = training && lora.dropout() > 0 ? dropped(rows, 1 - lora.dropout()) : rows;
            // Onto what is there already, which nobody else looks at: one pass over memory less.
            outputs = outputs.addmm_(
                    torch.linear(given, first), learned(b, layer).t(), Numbers.scalar(1), Numbers.scalar(lora.scale()));
        }
        return outputs.view(inputs.size(0), inputs.size(1), weight.size(0));
    }

    private Tensor dropped(Tensor states, double kept) {
        return states.mul(torch.empty_like(states)
                .bernoulli_(kept, new GeneratorOptional(chance))
                .div_(Numbers.scalar(kept)));
    }

    private Tensor norm(Tensor states, String name) {
        return torch.layer_norm(
                states,
                new long[] {shape.hidden()},
                new TensorOptional(weight(name)),
                new TensorOptional(frozen(name + ".bias")),
                shape.epsilon(),
                false);
    }

    private Tensor weight(String layer) {
        return frozen(layer + ".weight");
    }

    private Tensor frozen(String name) {
        Tensor tensor = frozen.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(name);
        }
        return tensor;
    }
}
