package io.espalier.data;

/**
 * A data set as its files have it: a training and a test part. The validation part is cut from the end of the training part
 * by whoever trains, so that it is the same for every seed.
 *
 * @param name how people call it
 */
public record Dataset(String name, Examples train, Examples test) {
    public Dataset {
        if (train.features() != test.features()) {
            throw new DataException(name + ": training examples have " + train.features() + " values, test examples "
                    + test.features() + ". Both must have the same size.");
        }
        if (train.count() == 0 || test.count() == 0) {
            throw new DataException(name + ": the " + (train.count() == 0 ? "training" : "test") + " part is empty.");
        }
    }

    public int features() {
        return train.features();
    }

    /** Refuses a network whose input or output does not fit these data. */
    public void requireFits(int inputs, int outputs) {
        if (inputs != features()) {
            throw new DataException(
                    "Data set " + name + " has " + features() + " values an example, but the network has " + inputs
                            + " inputs. Change the first number of `mlp` to " + features() + ".");
        }
        train.requireLabelsBelow(outputs);
        test.requireLabelsBelow(outputs);
    }
}
