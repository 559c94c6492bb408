package dev.tandem.tune;

import dev.tandem.behavior.model.FloatTensor;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Numbers into libtorch and out of it, in float32 or, for checks, in float64. */
enum Numbers {
    FLOAT32,
    FLOAT64;

    ScalarType type() {
        return this == FLOAT32 ? ScalarType.Float : ScalarType.Double;
    }

    Tensor of(FloatTensor tensor) {
        return of(tensor.values(), tensor.shape());
    }

    Tensor of(float[] values, List<Integer> shape) {
        long[] sizes = shape.stream().mapToLong(Integer::longValue).toArray();
        if (this == FLOAT32) {
            return Tensor.create(values, sizes);
        }
        var doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return Tensor.create(doubles, sizes);
    }

    /** Its values, whatever their order in memory. */
    static float[] floats(Tensor tensor) {
        Tensor plain = tensor.detach().to(ScalarType.Float).contiguous();
        var values = new float[(int) plain.numel()];
        new FloatPointer(plain.data_ptr()).get(values);
        return values;
    }

    static double[] doubles(Tensor tensor) {
        Tensor plain = tensor.detach().to(ScalarType.Double).contiguous();
        var values = new double[(int) plain.numel()];
        new DoublePointer(plain.data_ptr()).get(values);
        return values;
    }

    static Scalar scalar(double value) {
        return new Scalar(value);
    }
}
