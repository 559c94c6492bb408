package dev.tandem.tune;

import dev.tandem.behavior.model.BaseModel;
import dev.tandem.behavior.model.EncoderShape;
import dev.tandem.behavior.model.FloatTensor;
import dev.tandem.behavior.tuning.Head;
import dev.tandem.behavior.tuning.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** An encoder so small that a test can learn with it, and something to learn. */
final class Tiny {

    static final EncoderShape SHAPE = new EncoderShape(20, 12, 2, 8, 2, 2, 12, 1e-12);

    private Tiny() {}

    static BaseModel model(long seed) {
        var random = new SplittableRandom(seed);
        var tensors = new TreeMap<String, FloatTensor>();
        SHAPE.tensors().forEach((name, shape) -> {
            int count = shape.stream().reduce(1, Math::multiplyExact);
            var values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextGaussian(name.endsWith("LayerNorm.weight") ? 1 : 0, .3);
            }
            tensors.put(name, new FloatTensor(shape, values));
        });
        return new BaseModel("tiny", "0".repeat(64), SHAPE, tensors);
    }

    /** Texts labelled by whether more of their tokens are above ten than below. */
    static Trainer.Labelled texts(int count, long seed) {
        var random = new SplittableRandom(seed);
        var texts = new ArrayList<int[]>();
        var labels = new ArrayList<Integer>();
        for (int i = 0; i < count; i++) {
            int[] text = random.ints(random.nextInt(3, 9), 4, 20).toArray();
            int above = 0;
            for (int token : text) {
                above += token > 11 ? 1 : -1;
            }
            text[0] = 2;
            text[text.length - 1] = 3;
            texts.add(text);
            labels.add(above > 0 ? 1 : 0);
        }
        return new Trainer.Labelled(texts, labels);
    }

    static Head head() {
        var weights = new float[2 * SHAPE.hidden()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 3 - 1;
        }
        return new Head(List.of("above", "below"), SHAPE.hidden(), weights, new float[2], .5);
    }
}
