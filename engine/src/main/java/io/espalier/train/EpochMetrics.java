package io.espalier.train;

/**
 * What is known at an epoch's end.
 *
 * @param epoch epochs trained from initialisation, ancestors included
 * @param trainLoss mean over the epoch's steps, dropout active, penalty not included
 * @param validation null where there is no validation part
 * @param aliveWeights weights that are not pruned
 */
public record EpochMetrics(
        double epoch, int step, double learningRate, double trainLoss, Evaluation validation, int aliveWeights) {}
