package io.espalier.train;

import io.espalier.backend.Augmentation;
import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Recording;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.Pruner;
import io.espalier.compress.Regrowth;
import io.espalier.compress.Saliency;
import io.espalier.compress.Scope;
import io.espalier.compress.TrainingExamples;
import io.espalier.compress.UnitCriterion;
import io.espalier.compress.UnitPruner;
import io.espalier.data.Preparation;
import io.espalier.network.HiddenUnits;
import io.espalier.network.Inputs;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import io.espalier.random.Shuffle;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;

/** R members that train in lockstep on one device: their tensors, and what happens to them between steps. */
public final class Cohort implements AutoCloseable {
    private final CohortKey key;
    private final Backend backend;
    private final DataParts data;
    private final Recorder recorder;
    private final List<Member> members;
    private final int stepsPerEpoch;

    private final Network network;
    private final Optimizer optimizer;
    private final Evaluator evaluator;
    private final Map<Integer, Pass> passes = new HashMap<>();
    private final Tensor keys;
    private final Tensor steps;
    private final Drops drops;
    private final Inputs inputs;
    private final Augmentation augmentation;
    private final Tensor lossSum;
    private final Map<Integer, Recording> updates = new HashMap<>();
    private final float[] rates;
    private final int[] intScalar = new int[1];
    private final float[] floatScalar = new float[1];

    private Lessons lessons;
    /** Whose lessons must be prepared before the next step. */
    private final Set<Member> untaught = new LinkedHashSet<>();

    private boolean masksChanged;
    private BooleanSupplier interrupted = () -> false;
    /** What members go on with whose shape or mask this network has no place for. */
    private final Map<Member, Successor> successors = new HashMap<>();

    /**
     * A cohort of members at the start of their programs.
     *
     * @throws IllegalArgumentException if they start with weights of different representations
     */
    public Cohort(CohortKey key, Backend backend, DataParts data, Recorder recorder, List<Member> members) {
        this(
                key,
                backend,
                data,
                recorder,
                members,
                members.stream().map(member -> member.start(key.network())).toList());
    }

    /** What members of one cohort have in common. */
    private record Kind(List<Integer> sizes, Representation representation, int placeInEpoch) {
        static Kind of(Backend backend, Parameters parameters, Member member, int stepsPerEpoch) {
            return new Kind(
                    parameters.sizes(), Representation.of(backend, parameters), member.dataStep() % stepsPerEpoch);
        }
    }

    /** Cohorts of members at the start of their programs, one for each kind of what they start with. */
    public static List<Cohort> starting(
            CohortKey key, Backend backend, DataParts data, Recorder recorder, List<Member> members) {
        Map<Member, Parameters> starts = new LinkedHashMap<>();
        members.forEach(member -> starts.put(member, member.start(key.network())));
        int stepsPerEpoch = stepsPerEpoch(key, data);
        return grouped(members, member -> Kind.of(backend, starts.get(member), member, stepsPerEpoch)).values().stream()
                .map(group -> new Cohort(
                        key,
                        backend,
                        data,
                        recorder,
                        group,
                        group.stream().map(starts::get).toList()))
                .toList();
    }

    private static int stepsPerEpoch(CohortKey key, DataParts data) {
        return (data.count(Part.TRAINING) + key.batch() - 1) / key.batch();
    }

    private static Map<Kind, List<Member>> grouped(List<Member> members, Function<Member, Kind> by) {
        Map<Kind, List<Member>> groups = new LinkedHashMap<>();
        for (Member member : members) {
            groups.computeIfAbsent(by.apply(member), any -> new ArrayList<>()).add(member);
        }
        return groups;
    }

    private Cohort(
            CohortKey key,
            Backend backend,
            DataParts data,
            Recorder recorder,
            List<Member> members,
            List<Parameters> parameters) {
        Representation representation = Representation.of(backend, parameters.get(0));
        this.key = key.with(parameters.get(0).sizes(), representation);
        this.backend = backend;
        this.data = data;
        this.recorder = recorder;
        this.members = List.copyOf(members);
        int count = members.size();
        this.stepsPerEpoch = stepsPerEpoch(key, data);
        this.network = new Network(backend, this.key.network(), parameters, representation);
        this.optimizer = new Optimizer(backend, network, stepsPerEpoch);
        this.rates = new float[stepsPerEpoch];
        this.evaluator = new Evaluator(backend, network, data, this::heedInterruption);
        this.keys = backend.zeros(ElementType.I32, new Shape(count, 1, 2));
        this.steps = backend.zeros(ElementType.I32, Shape.scalars(count));
        this.drops = new Drops(backend, network.spec(), members, keys, steps);
        this.inputs = new Inputs(backend, data.scaling(), count);
        this.augmentation = augmentation(data.preparation());
        this.lossSum = backend.zeros(ElementType.REAL, Shape.scalars(count));
        for (int slot = 0; slot < count; slot++) {
            Member member = members.get(slot);
            member.join(stepsPerEpoch);
            backend.write(
                    keys, slot, new int[] {member.seed().low(), member.seed().high()});
        }
    }

    private Augmentation augmentation(Preparation preparation) {
        return preparation.augments()
                ? new Augmentation(keys, steps, preparation.shift(), preparation.mirrored(), Stream.AUGMENTATION.at(0))
                : Augmentation.NONE;
    }

    /** A cohort of members that go on from earlier states, all of one representation. */
    public static Cohort resumed(
            CohortKey key,
            Backend backend,
            DataParts data,
            Recorder recorder,
            List<Member> members,
            List<MemberState> states) {
        Cohort cohort = new Cohort(
                key,
                backend,
                data,
                recorder,
                members,
                states.stream().map(MemberState::parameters).toList());
        for (int slot = 0; slot < members.size(); slot++) {
            cohort.optimizer.velocities(slot, states.get(slot).velocities());
            if (members.get(slot).settings() != null) {
                cohort.configure(members.get(slot));
            }
            if (members.get(slot).distillation() != null) {
                cohort.teach(members.get(slot));
            }
            backend.write(cohort.lossSum, slot, new float[] {states.get(slot).lossSum()});
        }
        return cohort;
    }

    /** Everything that a running member's future depends on. */
    public MemberState state(Member member) {
        return member.state(read(member), velocities(member), backend.floats(lossSum, slot(member))[0]);
    }

    public CohortKey key() {
        return key;
    }

    public List<Member> members() {
        return members;
    }

    int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    Recorder recorder() {
        return recorder;
    }

    // ---- stepping ---------------------------------------------------------------------------------------------------

    /** Steps until a member has something else to do. */
    int stepsToNextEvent() {
        int least = untaught.isEmpty() ? Integer.MAX_VALUE : 0;
        for (Member member : members) {
            if (member.isRunning()) {
                least = Math.min(least, member.stepsToNextEvent());
            }
        }
        return least;
    }

    /**
     * So many updates of every member, fewer if a pause is asked for.
     *
     * @param count at most an epoch's
     */
    void steps(int count, BooleanSupplier pause) {
        if (count == 0) {
            return;
        }
        plan(count);
        for (int i = 0; i < count; i++) {
            int batch = batchAt(members.get(0).dataStep());
            updates.computeIfAbsent(batch, size -> backend.record(() -> update(size)))
                    .run();
            for (Member member : members) {
                member.stepped(batch);
            }
            if (pause.getAsBoolean()) {
                break;
            }
        }
        backend.finish();
    }

    /** Tells the device where everybody is and how fast they go from there. */
    private void plan(int count) {
        for (int slot = 0; slot < members.size(); slot++) {
            Member member = members.get(slot);
            if (member.isRunning()) {
                for (int ahead = 0; ahead < count; ahead++) {
                    rates[(member.dataStep() + ahead) % stepsPerEpoch] = (float) member.learningRate(ahead);
                }
                optimizer.schedule(slot, rates);
            }
            intScalar[0] = member.dataStep();
            backend.write(steps, slot, intScalar);
        }
    }

    /** One update of every member. */
    private void update(int batch) {
        Pass pass = passes.computeIfAbsent(batch, network::pass);
        backend.batchIndices(keys, steps, data.count(Part.TRAINING), key.batch(), pass.indices());
        inputs.gather(data.pixels(Part.TRAINING), pass, augmentation);
        backend.gatherLabels(data.labels(Part.TRAINING), pass.indices(), pass.labels());
        network.forward(pass, drops.plan());
        if (lessons == null) {
            network.loss(pass, lossSum);
        } else {
            lessons.loss(pass, lossSum);
        }
        network.backward(pass, drops.plan());
        optimizer.step(steps);
        backend.advance(steps);
    }

    /** The batch size, or what is left for an epoch's last step. */
    private int batchAt(int step) {
        int done = step % stepsPerEpoch * key.batch();
        return Math.min(key.batch(), data.count(Part.TRAINING) - done);
    }

    // ---- events -----------------------------------------------------------------------------------------------------

    /** Everything that members have to do before the next step. */
    public void applyDueEvents() {
        applyDueEvents(() -> false);
    }

    /**
     * Everything that members have to do before the next step; between batches of what it looks at it ends when asked to. The members'
     * states say then what is left to do.
     */
    public void applyDueEvents(BooleanSupplier stop) {
        interrupted = stop;
        try {
            applyAll();
        } catch (Interruption e) {
            // What is left for those that have a new shape is their new cohort's business, and not about steps here.
            successors.keySet().forEach(Member::eventsAreOver);
        }
    }

    private void applyAll() {
        // Not when a teacher is named: a cut that follows makes another cohort of this one.
        List.copyOf(untaught).forEach(this::prepareLessons);
        List<Member> stepped =
                members.stream().filter(Member::hasEventsOfItsLastStep).toList();
        evaluate(stepped.stream().filter(member -> !member.isEvaluated()).toList());
        stepped.forEach(Member::setEvaluated);
        // A training accuracy is known here only, and no checkpoint keeps it.
        for (Member member : members) {
            while (member.isRunning()
                    && member.instruction() instanceof Instruction.Training training
                    && training.isDue(member)) {
                member.nextInstruction();
                forgetUpdates();
            }
        }
        for (Member member : members) {
            while (member.isRunning()
                    && !successors.containsKey(member)
                    && member.instruction().isDue(member)) {
                member.instruction().execute(this, member);
                member.nextInstruction();
                forgetUpdates();
            }
        }
        stepped.stream().filter(Member::isRunning).forEach(this::regrow);
        stepped.stream()
                .filter(member -> member.isRunning() && !successors.containsKey(member) && member.losesAUnit())
                .forEach(this::loseAUnit);
        members.stream().filter(member -> !member.isRunning()).forEach(done -> optimizer.rest(slot(done)));
        stepped.forEach(Member::eventsAreOver);
    }

    /** Asked before every batch that is looked at between steps. */
    private void heedInterruption() {
        if (interrupted.getAsBoolean()) {
            throw new Interruption();
        }
    }

    /**
     * Cohorts in which the unfinished members go on, each with members of one shape and representation and at one place of an
     * epoch: this one, unless some are done, have shrunk, masks have changed or data are replayed.
     */
    public List<Cohort> regrouped() {
        List<Member> running = members.stream().filter(Member::isRunning).toList();
        long places = running.stream()
                .map(member -> member.dataStep() % stepsPerEpoch)
                .distinct()
                .count();
        if (running.size() == members.size() && !masksChanged && successors.isEmpty() && places == 1) {
            return List.of(this);
        }
        members.stream().filter(member -> !member.isRunning()).forEach(done -> recorder.finished(done, members.size()));
        Map<Kind, List<Member>> groups =
                grouped(running, member -> Kind.of(backend, read(member), member, stepsPerEpoch));
        masksChanged = false;
        boolean allAsBefore = running.size() == members.size()
                && successors.isEmpty()
                && groups.size() == 1
                && groups.keySet().iterator().next().representation().equals(key.representation());
        // Sparse layers have the pattern of masks that may no longer be theirs.
        if (allAsBefore && !key.representation().isSparse()) {
            return List.of(this);
        }
        List<Cohort> cohorts = new ArrayList<>();
        for (List<Member> group : groups.values()) {
            cohorts.add(resumed(
                    key,
                    backend,
                    data,
                    recorder,
                    group,
                    group.stream().map(this::state).toList()));
        }
        close();
        return cohorts;
    }

    /** An instruction may have changed what an update consists of. */
    private void forgetUpdates() {
        updates.values().forEach(Recording::close);
        updates.clear();
    }

    /** Looks at how those do who have come to the end of an epoch or to an evaluation. */
    private void evaluate(List<Member> stepped) {
        List<Member> ended = stepped.stream().filter(Member::isAtEpochEnd).toList();
        List<Member> evaluated = stepped.stream().filter(Member::isAtEvaluation).toList();
        if (ended.isEmpty() && evaluated.isEmpty()) {
            return;
        }
        List<Evaluation> validations = data.count(Part.VALIDATION) > 0 ? evaluator.evaluate(Part.VALIDATION) : null;
        List<Evaluation> trainings =
                ended.stream().anyMatch(Member::wantsTrainingAccuracy) ? evaluator.evaluate(Part.TRAINING) : null;
        for (Member member : ended) {
            endEpoch(
                    member,
                    validations == null ? null : validations.get(slot(member)),
                    trainings == null ? null : trainings.get(slot(member)));
        }
        for (Member member : evaluated) {
            if (validations != null && member.isRunning()) {
                member.evaluated(validations.get(slot(member)), recorder);
            }
        }
    }

    private void endEpoch(Member member, Evaluation validation, Evaluation training) {
        int slot = slot(member);
        double loss = backend.doubles(lossSum, slot)[0] / member.takeExamplesSeen();
        if (!Double.isFinite(loss)) {
            member.diverge();
            return;
        }
        recorder.epoch(
                member,
                new EpochMetrics(
                        member.epochs(),
                        member.step(),
                        member.learningRate(),
                        loss,
                        validation,
                        network.aliveWeights(slot)));
        if (validation != null && member.wantsBest() && member.improves(validation.errors())) {
            member.keepBest(validation.errors(), read(member));
        }
        if (member.wantsTrainingAccuracy()) {
            member.reached(training);
        }
        floatScalar[0] = 0;
        backend.write(lossSum, slot, floatScalar);
    }

    // ---- what instructions do ---------------------------------------------------------------------------------------

    Parameters read(Member member) {
        return successors.containsKey(member) ? successors.get(member).parameters() : network.read(slot(member));
    }

    private List<float[]> velocities(Member member) {
        return successors.containsKey(member)
                ? successors.get(member).velocities()
                : optimizer.velocities(slot(member));
    }

    void write(Member member, Parameters parameters) {
        network.write(slot(member), parameters);
    }

    void startPhase(Member member, boolean keepVelocity) {
        if (!keepVelocity) {
            optimizer.stop(slot(member));
        }
        floatScalar[0] = 0;
        backend.write(lossSum, slot(member), floatScalar);
        configure(member);
    }

    /** Has the member's teacher prepare its lessons before the next step. */
    void teach(Member member) {
        member.distillation().requireFits(key.network());
        untaught.add(member);
    }

    private void prepareLessons(Member member) {
        Ancestor.Reported teacher = member.ancestor().last();
        if (lessons == null) {
            int count = members.size();
            TeacherLogits teachers = data.preparation().augments()
                    ? new LiveLogits(backend, data, augmentation, teacher.network(), count)
                    : new StoredLogits(backend, data, key.network().outputs(), count);
            lessons = new Lessons(backend, teachers, count);
        }
        lessons.prepare(slot(member), member.distillation(), teacher, this::heedInterruption);
        untaught.remove(member);
    }

    private void configure(Member member) {
        optimizer.configure(slot(member), member.settings());
        drops.configure(slot(member), member.settings());
    }

    Snapshot snapshot(Member member, Length at) {
        return new Snapshot(read(member), optimizer.velocities(slot(member)), at);
    }

    /** Surviving weights and their velocities as they were; pruned ones stay zero. */
    void rewind(Member member, Snapshot whole) {
        Snapshot to = whole.left(key.network(), member.units());
        Parameters survivors = read(member).masking(to.parameters());
        write(member, survivors);
        optimizer.velocities(slot(member), survivors.withValues(to.velocities()).values());
    }

    void prune(Member member, Saliency saliency, Scope scope, int keep) {
        int slot = slot(member);
        try (Network alone = network.alone(slot)) {
            Pruner.prune(subject(member, alone), saliency, scope, keep);
            network.takeMasks(slot, alone);
        }
        masksChanged = true;
    }

    /** Says which units are left, by their places among those that there were. */
    HiddenUnits shrink(Member member, UnitCriterion criterion, Scope scope, int parameters) {
        try (Network alone = network.alone(slot(member))) {
            UnitCriterion.Shrunk shrunk = UnitPruner.shrink(subject(member, alone), criterion, scope, parameters);
            member.shrinkTo(shrunk.units());
            successors.put(member, Successor.atRest(shrunk.parameters()));
            return shrunk.units();
        }
    }

    private void loseAUnit(Member member) {
        Instruction.TrainShrinking shrinking = (Instruction.TrainShrinking) member.instruction();
        int now = network.spec().parameters();
        if (now > shrinking.parameters()) {
            Parameters velocities = read(member).withValues(velocities(member));
            HiddenUnits left =
                    shrink(member, shrinking.criterion(), Scope.GLOBAL, Math.max(shrinking.parameters(), now - 1));
            List<float[]> survivors = velocities.left(network.spec(), left).values();
            successors.put(member, new Successor(read(member), survivors));
        }
    }

    /** Moves the mask of a member for which that is due, by the batch that comes next. */
    private void regrow(Member member) {
        double share = member.regrownShare();
        if (share == 0) {
            return;
        }
        int step = member.dataStep();
        Shuffle order =
                new Shuffle(member.seed().low(), member.seed().high(), step / stepsPerEpoch, data.count(Part.TRAINING));
        int first = step % stepsPerEpoch * key.batch();
        int[] batch =
                IntStream.range(first, first + batchAt(step)).map(order::at).toArray();
        try (Network dense =
                new Network(backend, key.network(), List.of(read(member)), Representation.dense(key.network()))) {
            Regrowth.move(subject(member, dense), batch, share)
                    .ifPresentOrElse(
                            stayed -> successors.put(
                                    member, Successor.regrown(dense.read(0), velocities(member), stayed)),
                            member::diverge);
        }
    }

    private Saliency.Subject subject(Member member, Network alone) {
        TrainingExamples training = new TrainingExamples(
                data.pixels(Part.TRAINING), data.labels(Part.TRAINING), data.count(Part.TRAINING), data.scaling());
        return new Saliency.Subject(backend, alone, training, member.seed(), member.step(), this::heedInterruption);
    }

    void readOut(Member member, CompressionRatio target, Set<Part> parts) {
        Parameters last = read(member);
        Parameters reported = member.best() == null ? last : member.best();
        write(member, reported);
        Readout readout;
        try {
            readout = evaluator.readout(slot(member), member, reported, target, parts);
        } finally {
            write(member, last);
        }
        recorder.readout(member, readout);
    }

    /** Measures weights that need not be stored as the member's own. */
    void remeasure(Member member, CompressionRatio target, Set<Part> parts, Parameters reported) {
        Representation representation = Representation.of(backend, reported);
        NetworkSpec shape = key.network().withSizes(reported.sizes());
        try (Network alone = new Network(backend, shape, List.of(reported), representation);
                Evaluator all = new Evaluator(backend, alone, data, this::heedInterruption)) {
            recorder.readout(member, all.readout(0, member, reported, target, parts));
        }
    }

    private int slot(Member member) {
        return members.indexOf(member);
    }

    @Override
    public void close() {
        forgetUpdates();
        network.close();
        optimizer.close();
        evaluator.close();
        passes.values().forEach(Pass::close);
        keys.close();
        steps.close();
        drops.close();
        inputs.close();
        lossSum.close();
        if (lessons != null) {
            lessons.close();
        }
    }
}
