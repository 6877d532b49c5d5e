package io.espalier.network;

import io.espalier.backend.Activation;

/** Small networks that have every kind of step between them. */
enum Wiring {
    PLAIN {
        @Override
        Architecture architecture() {
            StepList steps = new StepList(2 * 9);
            int first = steps.add(new Step.Convolution(0, 3, 1, 1, true), 4);
            int pooled = steps.add(new Step.Pool(Step.Pool.Kind.AVERAGE, first, 2, 2));
            int second = steps.add(new Step.Convolution(pooled, 2, 2, 1, 2, true), 6);
            int hidden = steps.add(new Step.FullyConnected(second), 5);
            steps.add(new Step.FullyConnected(hidden), 3);
            return steps.architecture("plain", new Features(2, 7, 6));
        }
    },
    RESIDUAL {
        @Override
        Architecture architecture() {
            StepList steps = new StepList(2 * 9);
            int stem = steps.add(new Step.Convolution(0, 3, 1, 1, false), 3);
            int inner = steps.add(new Step.Normalisation(stem));
            int through = steps.add(new Step.Convolution(inner, 3, 2, 1, false), 4);
            int between = steps.add(new Step.Normalisation(through));
            int out = steps.add(new Step.Convolution(between, 3, 1, 1, false), 5);
            int around = steps.add(new Step.Convolution(inner, 1, 2, 0, false), 5);
            int sum = steps.add(new Step.Sum(out, around));
            int last = steps.add(new Step.Normalisation(sum));
            int again = steps.add(new Step.Convolution(last, 3, 1, 1, false), 5);
            int sumAgain = steps.add(new Step.Sum(again, sum));
            int means = steps.add(new Step.GlobalAverage(sumAgain));
            steps.add(new Step.FullyConnected(means), 3);
            return steps.architecture("residual", new Features(2, 6, 6));
        }
    },
    DENSE {
        @Override
        Architecture architecture() {
            StepList steps = new StepList(2 * 9);
            int value = steps.add(new Step.Convolution(0, 3, 1, 1, false), 3);
            for (int layer = 0; layer < 2; layer++) {
                int narrow = steps.add(new Step.Normalisation(value));
                int inner = steps.add(new Step.Convolution(narrow, 1, 1, 0, false), 4);
                int wide = steps.add(new Step.Normalisation(inner));
                int grown = steps.add(new Step.Convolution(wide, 3, 1, 1, false), 2);
                value = steps.add(new Step.Concatenation(value, grown));
            }
            int pooled = steps.add(new Step.Pool(Step.Pool.Kind.MAX, value, 2, 2));
            steps.add(new Step.FullyConnected(pooled), 3);
            return steps.architecture("dense", new Features(2, 4, 5));
        }
    };

    abstract Architecture architecture();

    NetworkSpec spec(Activation activation, Loss loss) {
        return new NetworkSpec(architecture(), activation, Activation.LINEAR, loss, Initialization.GLOROT);
    }
}
