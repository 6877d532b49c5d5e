package io.espalier.data;

/**
 * Which examples a study uses and how.
 *
 * @param validation how many examples at the end of the training file are held back to choose by; 0 for none
 */
public record DataSpec(DataSource source, int validation) {
    public DataSpec {
        if (validation < 0) {
            throw new IllegalArgumentException("The validation part cannot have " + validation + " examples");
        }
    }

    /** Examples that training sees, of a data set with so many in its training file. */
    public int trainingExamples(Dataset dataset) {
        int left = dataset.train().count() - validation;
        if (left < 1) {
            throw new DataException(
                    "Data set " + dataset.name() + " has " + dataset.train().count() + " training examples, so "
                            + validation + " cannot be held back for validation.");
        }
        return left;
    }
}
