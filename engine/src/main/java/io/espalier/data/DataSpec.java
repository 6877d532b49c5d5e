package io.espalier.data;

/**
 * Which examples a study uses and how.
 *
 * @param examples the first so many of the training file are used, as if it ended there; 0 for all
 * @param validation how many of these, at the end, are held back to choose by; 0 for none
 * @param trainingErrors whether rows say what their networks err on the training part, which is most of what a row has to look at
 */
public record DataSpec(
        DataSource source, int examples, int validation, Preparation preparation, boolean trainingErrors) {
    /** All examples, as they are. */
    public DataSpec(DataSource source, int validation) {
        this(source, 0, validation, Preparation.NONE);
    }

    /** With errors on all parts. */
    public DataSpec(DataSource source, int examples, int validation, Preparation preparation) {
        this(source, examples, validation, preparation, true);
    }

    public DataSpec {
        if (examples < 0) {
            throw new IllegalArgumentException("A study uses one example at least, got " + examples);
        }
        if (validation < 0) {
            throw new IllegalArgumentException("The validation part cannot have " + validation + " examples");
        }
    }

    /** The same without a validation part: its examples are trained on too. */
    public DataSpec withoutValidation() {
        return new DataSpec(source, examples, 0, preparation, trainingErrors);
    }

    /** Examples that are used of the training file. */
    public int usedExamples(Dataset dataset) {
        int all = dataset.train().count();
        if (examples > all) {
            throw new DataException("Data set " + dataset.name() + " has " + all + " training examples, so the first "
                    + examples + " of them cannot be used.");
        }
        return examples == 0 ? all : examples;
    }

    /** Examples that training sees. */
    public int trainingExamples(Dataset dataset) {
        int left = usedExamples(dataset) - validation;
        if (left < 1) {
            throw new DataException("Data set " + dataset.name() + " gives " + usedExamples(dataset)
                    + " training examples, so " + validation + " cannot be held back for validation.");
        }
        return left;
    }
}
