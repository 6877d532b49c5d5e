package io.espalier.train;

import io.espalier.network.HiddenUnits;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.random.Seed;
import java.util.List;

/** One trial while it trains: its program, its counters, and the best weights of its phase. */
public final class Member {
    /** How far it has come. */
    public enum Status {
        RUNNING,
        DONE,
        /** Its loss is no longer a number; it trains no further. */
        DIVERGED
    }

    private final String label;
    private final Seed seed;
    private final Program program;
    private final Ancestor ancestor;

    private int programCounter;
    private Status status = Status.RUNNING;
    private int step;
    private double inheritedEpochs;
    private int trainedSteps;
    private int stepsPerEpoch = 1;
    private double trainSeconds;

    private TrainingSettings settings;
    private Distillation distillation;
    private boolean rateSinceInitialization;
    private int scheduleStep;
    private boolean steppedSinceEvent;
    private boolean evaluated;
    private int examplesSeen;

    /** Of the epoch that has just ended, if it was asked for; consumed before the next checkpoint, so none keeps it. */
    private double trainingAccuracy = Double.NaN;

    private double lowestValidationLoss = Double.MAX_VALUE;
    private int earlyStopStep;
    private HiddenUnits units = HiddenUnits.ALL;
    private int fewestValidationErrors;
    private Parameters best;
    private double bestEpochs;

    /**
     * A member at the start of its program.
     *
     * @param label for messages
     * @param ancestor the trial it starts from, or null
     */
    public Member(String label, Seed seed, Program program, Ancestor ancestor) {
        this.label = label;
        this.seed = seed;
        this.program = program;
        this.ancestor = ancestor;
    }

    /** A member that goes on from an earlier state. */
    public static Member resumed(String label, Seed seed, Program program, Ancestor ancestor, MemberState state) {
        Member member = new Member(label, seed, program, ancestor);
        member.programCounter = state.programCounter();
        member.step = state.step();
        member.scheduleStep = state.scheduleStep();
        member.trainedSteps = state.trainedSteps();
        member.examplesSeen = state.examplesSeen();
        member.steppedSinceEvent = state.steppedSinceEvent();
        member.evaluated = state.evaluated();
        member.inheritedEpochs = state.inheritedEpochs();
        member.trainSeconds = state.trainSeconds();
        member.lowestValidationLoss = state.lowestValidationLoss();
        member.earlyStopStep = state.earlyStopStep();
        member.units = state.units();
        member.fewestValidationErrors = state.fewestValidationErrors();
        member.best = state.best();
        member.bestEpochs = state.bestEpochs();
        for (Instruction done : program.instructions().subList(0, state.programCounter())) {
            if (done instanceof Instruction.StartPhase phase) {
                member.take(phase);
            } else if (done instanceof Instruction.LearnFrom taught) {
                member.distillation = taught.distillation();
            }
        }
        return member;
    }

    MemberState state(Parameters parameters, List<float[]> velocities, float lossSum) {
        return new MemberState(
                programCounter,
                step,
                scheduleStep,
                trainedSteps,
                examplesSeen,
                steppedSinceEvent,
                evaluated,
                lossSum,
                inheritedEpochs,
                trainSeconds,
                units,
                parameters,
                velocities,
                lowestValidationLoss,
                earlyStopStep,
                fewestValidationErrors,
                best,
                bestEpochs);
    }

    public String label() {
        return label;
    }

    public Seed seed() {
        return seed;
    }

    public Status status() {
        return status;
    }

    /** Optimiser updates so far, the ancestors' included; never goes back. */
    public int step() {
        return step;
    }

    /**
     * The number of the next step among those that see different data, which also tells what it drops: {@link #step}, or the place
     * in the schedule where data are replayed.
     */
    int dataStep() {
        return settings != null && settings.replayData() ? scheduleStep : step;
    }

    /** Epochs trained so far, the ancestors' included. */
    public double epochs() {
        return inheritedEpochs + (double) trainedSteps / stepsPerEpoch;
    }

    /** Its share of the time its cohorts spent training. */
    public double trainSeconds() {
        return trainSeconds;
    }

    /** The settings of its phase; null before the first. */
    public TrainingSettings settings() {
        return settings;
    }

    /** How it learns from its teacher; null if it has none. */
    Distillation distillation() {
        return distillation;
    }

    void learnFrom(Distillation how) {
        distillation = how;
    }

    /** The learning rate of the next step. */
    public double learningRate() {
        return learningRate(0);
    }

    /** The learning rate of the step after so many. */
    double learningRate(int ahead) {
        int at = rateSinceInitialization
                ? Math.toIntExact(Math.round(inheritedEpochs * stepsPerEpoch)) + trainedSteps
                : scheduleStep;
        return settings.learningRate().at(at + ahead, stepsPerEpoch, settings.epochs() * stepsPerEpoch);
    }

    Ancestor ancestor() {
        return ancestor;
    }

    void join(int cohortStepsPerEpoch) {
        stepsPerEpoch = cohortStepsPerEpoch;
    }

    /** The weights that its program starts with, whose first instruction is done then; zeros if it needs none. */
    Parameters start(NetworkSpec network) {
        if (program.start().isEmpty()) {
            return Parameters.zeros(network);
        }
        Parameters parameters = program.start().get().parameters(network, this);
        nextInstruction();
        return parameters;
    }

    void continueFrom(Ancestor.Reported parent) {
        step = ancestor.step();
        inheritedEpochs = parent.epochs();
    }

    /** Stands where the ancestor stood when it reported, its time included. */
    void takeOver(Ancestor.Reported earlier) {
        continueFrom(earlier);
        trainSeconds = earlier.trainSeconds();
    }

    void startPhase(Instruction.StartPhase phase, int fromStep) {
        take(phase);
        scheduleStep = fromStep;
        trainingAccuracy = Double.NaN;
        examplesSeen = 0;
        best = null;
        fewestValidationErrors = Integer.MAX_VALUE;
        lowestValidationLoss = Double.MAX_VALUE;
        earlyStopStep = 0;
    }

    private void take(Instruction.StartPhase phase) {
        settings = phase.settings();
        rateSinceInitialization = phase.sinceInitialization();
    }

    /** The hidden units left of the network that it started with. */
    HiddenUnits units() {
        return units;
    }

    /** Loses hidden units, all but these by their places among those it has. What it held of its earlier shape is of no more use. */
    void shrinkTo(HiddenUnits left) {
        units = units.after(left);
        best = null;
    }

    // ---- program ----------------------------------------------------------------------------------------------------

    Instruction instruction() {
        return program.instructions().get(programCounter);
    }

    void nextInstruction() {
        programCounter++;
        if (programCounter == program.instructions().size()) {
            status = Status.DONE;
        }
    }

    void diverge() {
        status = Status.DIVERGED;
    }

    boolean isRunning() {
        return status == Status.RUNNING;
    }

    // ---- counters ---------------------------------------------------------------------------------------------------

    int stepsTo(Length until) {
        return until.steps(stepsPerEpoch) - scheduleStep;
    }

    /** Steps until something is to be done other than stepping. */
    int stepsToNextEvent() {
        if (steppedSinceEvent) {
            return 0;
        }
        if (instruction() instanceof Instruction.Training train) {
            int steps = Math.min(stepsTo(train.until()), stepsToMultipleOf(stepsPerEpoch));
            steps = Math.min(steps, stepsToMultipleOf(evaluationInterval()));
            if (train instanceof Instruction.TrainRegrowing regrowing) {
                return Math.min(
                        steps, stepsToMultipleOf(regrowing.moves().every().steps(stepsPerEpoch)));
            } else if (train instanceof Instruction.TrainShrinking shrinking) {
                return Math.min(steps, stepsToMultipleOf(shrinking.every().steps(stepsPerEpoch)));
            }
            return steps;
        }
        return 0;
    }

    private int stepsToMultipleOf(int interval) {
        return interval - scheduleStep % interval;
    }

    private int evaluationInterval() {
        return settings.evaluateEvery().map(every -> every.steps(stepsPerEpoch)).orElse(stepsPerEpoch);
    }

    void stepped(int examples) {
        trainingAccuracy = Double.NaN;
        examplesSeen += examples;
        step++;
        scheduleStep++;
        trainedSteps++;
        steppedSinceEvent = true;
    }

    void spent(double seconds) {
        trainSeconds += seconds;
    }

    /** Whether something may be left to do that follows from its last step. */
    boolean hasEventsOfItsLastStep() {
        return isRunning() && steppedSinceEvent;
    }

    /** Whether, of that, it was seen how it does. */
    boolean isEvaluated() {
        return evaluated;
    }

    void setEvaluated() {
        evaluated = true;
    }

    void eventsAreOver() {
        steppedSinceEvent = false;
        evaluated = false;
    }

    /** Whether an epoch of its phase ends here. */
    boolean isAtEpochEnd() {
        return scheduleStep % stepsPerEpoch == 0;
    }

    /** Whether its validation loss is due for early stopping. */
    boolean isAtEvaluation() {
        return scheduleStep % evaluationInterval() == 0;
    }

    /** Examples trained on since the last call or the start of the phase. */
    int takeExamplesSeen() {
        int seen = examplesSeen;
        examplesSeen = 0;
        return seen;
    }

    /** The share of a layer's weights that moves here; 0 where its mask stays as it is. */
    double regrownShare() {
        return instruction() instanceof Instruction.TrainRegrowing regrowing
                ? regrowing.moves().share(scheduleStep, stepsPerEpoch, settings.epochs() * stepsPerEpoch)
                : 0;
    }

    /** Whether a unit goes here, if there are too many. */
    boolean losesAUnit() {
        return instruction() instanceof Instruction.TrainShrinking shrinking
                && scheduleStep > 0
                && scheduleStep % shrinking.every().steps(stepsPerEpoch) == 0;
    }

    // ---- training accuracy -----------------------------------------------------------------------------------------

    /** Whether what it does next depends on it. */
    boolean wantsTrainingAccuracy() {
        return instruction() instanceof Instruction.TrainToAccuracy;
    }

    void reached(Evaluation training) {
        trainingAccuracy = training.accuracy();
    }

    /** Share of the training part that it gets right; NaN except at the end of an epoch for which that was asked. */
    double trainingAccuracy() {
        return trainingAccuracy;
    }

    // ---- early stopping ---------------------------------------------------------------------------------------------

    void evaluated(Evaluation validation, Recorder recorder) {
        if (settings.evaluateEvery().isPresent()) {
            recorder.evaluation(this, new ValidationPoint(epochs(), step, scheduleStep, validation));
        }
        if (validation.loss() < lowestValidationLoss) {
            lowestValidationLoss = validation.loss();
            earlyStopStep = scheduleStep;
        }
    }

    /** Where in the phase's schedule the validation loss was lowest, the earliest of equals; null if it was never looked at. */
    Integer earlyStopStep() {
        return lowestValidationLoss == Double.MAX_VALUE ? null : (Integer) earlyStopStep;
    }

    // ---- best weights of the phase ----------------------------------------------------------------------------------

    boolean wantsBest() {
        return settings.reportAt() == ReportAt.BEST_VALIDATION;
    }

    boolean improves(int validationErrors) {
        return validationErrors < fewestValidationErrors;
    }

    void keepBest(int validationErrors, Parameters parameters) {
        fewestValidationErrors = validationErrors;
        best = parameters;
        bestEpochs = epochs();
    }

    /** The best weights of the phase, or null where the last ones are to be reported. */
    Parameters best() {
        return best;
    }

    double bestEpochs() {
        return bestEpochs;
    }

    /** Where in the phase's schedule the reported weights stand, in epochs. */
    int reportedPhaseEpochs() {
        double sinceBest = best == null ? 0 : epochs() - bestEpochs;
        return (int) Math.round((double) scheduleStep / stepsPerEpoch - sinceBest);
    }
}
