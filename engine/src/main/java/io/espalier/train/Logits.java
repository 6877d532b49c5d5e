package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Inputs;
import io.espalier.network.Network;
import io.espalier.network.Pass;

/** What a network of one member says about every example of a part, without dropout. */
final class Logits {
    private Logits() {}

    /**
     * (O, N) row-major, examples in file order.
     *
     * @param beforeBatch run before every batch; may end it by an exception
     */
    static double[] of(Backend backend, Network network, DataParts data, Part part, Runnable beforeBatch) {
        int count = data.count(part);
        int outputs = network.spec().outputs();
        double[] logits = new double[outputs * count];
        int most = Evaluator.batch(network.spec());
        for (int done = 0; done < count; done += most) {
            beforeBatch.run();
            int batch = Math.min(most, count - done);
            try (Pass pass = network.forwardPass(batch);
                    Inputs inputs = new Inputs(backend, data.scaling(), 1)) {
                backend.range(data.first(part) + done, pass.indices());
                inputs.gather(data.pixels(part), pass);
                network.forward(pass, DropoutPlan.NONE);
                double[] said = backend.doubles(pass.outputs(), 0);
                for (int o = 0; o < outputs; o++) {
                    System.arraycopy(said, o * batch, logits, o * count + done, batch);
                }
            }
        }
        return logits;
    }
}
