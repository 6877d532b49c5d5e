package io.espalier.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.WeightHash;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.HashedStorage;
import io.espalier.compress.LowRankStorage;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.network.StoreSpec;
import io.espalier.random.Seed;
import io.espalier.train.Ancestor;
import io.espalier.train.Cohort;
import io.espalier.train.CohortKey;
import io.espalier.train.DataParts;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Member;
import io.espalier.train.MemberState;
import io.espalier.train.Penalty;
import io.espalier.train.Program;
import io.espalier.train.Readout;
import io.espalier.train.Recordings;
import io.espalier.train.ReportAt;
import io.espalier.train.ResidentData;
import io.espalier.train.Snapshot;
import io.espalier.train.ToyData;
import io.espalier.train.Trainer;
import io.espalier.train.TrainingSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hashed networks and products of low rank from their initial weights to their model file, stopped and resumed on the way. */
class CompactTrainingTest {
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(ToyData.FEATURES, 20, ToyData.CLASSES),
            Activation.RELU,
            Activation.LINEAR,
            Loss.SOFTMAX,
            Initialization.HE);
    // 107 = 13 batches of 8 and a short one of 3.
    private static final Dataset DATA = ToyData.dataset(127, 53);
    private static final DataSpec SPEC = new DataSpec(new DataSource.Named(Catalog.MNIST), 20);
    private static final CohortKey KEY = CohortKey.atStart(NETWORK, SPEC, 8);

    /** The three kinds at a ratio. */
    private enum Kind {
        NATIVE {
            @Override
            Storage storage(CompressionRatio ratio) {
                return HashedStorage.of(NETWORK, ratio);
            }
        },
        PAPER {
            @Override
            Storage storage(CompressionRatio ratio) {
                return HashedStorage.asPublished(NETWORK, ratio, true);
            }
        },
        LOW_RANK {
            @Override
            Storage storage(CompressionRatio ratio) {
                return LowRankStorage.of(NETWORK, ratio);
            }
        };

        abstract Storage storage(CompressionRatio ratio);
    }

    private final Recordings recorder = new Recordings();

    private static Program program(Storage storage, double ratio, int trained) {
        TrainingSettings settings = new TrainingSettings(
                trained,
                8,
                new LearningRate.Constant(0.03),
                0.9,
                0.05,
                0.05,
                new Penalty(1e-5, 1e-4),
                ReportAt.BEST_VALIDATION);
        return new Program(List.of(
                new Instruction.Initialize(storage),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.Train(Length.epochs(trained)),
                new Instruction.TakeReadout(new CompressionRatio(ratio))));
    }

    private static Member member(String label, Kind kind, double ratio, int trained) {
        return new Member(label, new Seed(5), program(kind.storage(new CompressionRatio(ratio)), ratio, trained), null);
    }

    private List<Cohort> start(Backend backend, Member... members) {
        return Cohort.starting(KEY, backend, new ResidentData(backend, DATA).parts(SPEC), recorder, List.of(members));
    }

    private static void finish(List<Cohort> cohorts) {
        Trainer trainer = new Trainer(() -> false);
        Queue<Cohort> ready = new ArrayDeque<>(cohorts);
        while (!ready.isEmpty()) {
            Cohort cohort = ready.poll();
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
            ready.addAll(cohort.regrouped());
        }
    }

    private byte[] model(String label) {
        return ModelFile.bytes(NETWORK, recorder.readout(label).weights());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void itLearnsAndSaysHowSmallItIs(Kind kind) {
        finish(start(new CpuBackend(), member("m", kind, 2, 60)));
        Readout readout = recorder.readout("m");
        // Guessing errs in 75 %; products of low rank are the weakest of the three.
        assertTrue(readout.training().errorPercent() < 25, kind + ": " + readout.training());
        Storage storage = kind.storage(new CompressionRatio(2)).seeded(new Seed(5));
        assertEquals(storage, readout.weights().storage());
        assertEquals(storage.parameters(NETWORK), readout.storedParameters());
        assertEquals(0, readout.sparsity());
        assertEquals(
                readout.weights().aliveWeights(),
                recorder.epochs.get("m").get(0).aliveWeights());
        assertTrue(readout.storedParameters() < NETWORK.parameters() / 2 + 4, "" + readout.storedParameters());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aMemberHasTheSameBitsAloneAndBesideOthersOfOtherSizes(Kind kind) {
        finish(start(new CpuBackend(), member("alone", kind, 3, 4)));
        List<Cohort> together = start(
                new CpuBackend(),
                member("same", kind, 3, 4),
                member("larger, sooner", kind, 1.5, 2),
                member("smaller", kind, 4, 5));
        assertEquals(1, together.size(), "one cohort, whatever their sizes");
        finish(together);
        assertArrayEquals(model("alone"), model("same"));
    }

    @Test
    void kindsShareNoCohort() {
        Member dense = new Member("dense", new Seed(5), program(Storage.DENSE, 1, 2), null);
        List<Cohort> cohorts = start(
                new CpuBackend(),
                dense,
                member("native", Kind.NATIVE, 3, 2),
                member("paper", Kind.PAPER, 3, 2),
                member("smaller", Kind.NATIVE, 4, 2),
                member("low rank", Kind.LOW_RANK, 3, 2));
        assertEquals(4, cohorts.size());
        assertEquals(2, cohorts.get(1).members().size());
        finish(cohorts);
        assertEquals(5, recorder.readouts.size());
        finish(start(new CpuBackend(), new Member("alone", new Seed(5), program(Storage.DENSE, 1, 2), null)));
        assertArrayEquals(model("alone"), model("dense"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void cpuFollowsTheReference(Kind kind) {
        finish(start(new CpuBackend(), member("cpu", kind, 2, 4)));
        finish(start(ReferenceBackend.open(), member("reference", kind, 2, 4)));
        for (int i = 0; i < 4; i++) {
            assertEquals(
                    recorder.epochs.get("reference").get(i).trainLoss(),
                    recorder.epochs.get("cpu").get(i).trainLoss(),
                    1e-4,
                    "epoch " + i);
        }
    }

    /** Two members of different sizes, stopped at every third step of three epochs, through the bytes of their checkpoints. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void resumedItEndsWithTheSameBits(Kind kind) {
        finish(start(new CpuBackend(), member("first", kind, 3, 3), member("second", kind, 1.5, 3)));
        byte[] first = model("first");
        byte[] second = model("second");
        for (int stop = 0; stop < 3 * 14; stop += 3) {
            Backend backend = new CpuBackend();
            List<Member> members = List.of(member("first", kind, 3, 3), member("second", kind, 1.5, 3));
            Cohort cohort = start(backend, members.get(0), members.get(1)).get(0);
            cohort.applyDueEvents();
            Trainer single = new Trainer(() -> true);
            for (int step = 0; step < stop; step++) {
                single.untilNextEvent(cohort);
                cohort.applyDueEvents();
            }
            List<MemberState> states = new ArrayList<>();
            List<Member> resumed = new ArrayList<>();
            for (Member member : members) {
                byte[] bytes = new CheckpointFile(cohort.state(member), List.of(), 0).toBytes(NETWORK, "cpu");
                MemberState state =
                        CheckpointFile.parse(NETWORK, bytes, "checkpoint").state();
                states.add(state);
                Member same = member(member.label(), kind, member.label().equals("first") ? 3 : 1.5, 3);
                resumed.add(Member.resumed(
                        same.label(), same.seed(), program(state.parameters().storage(), 3, 3), null, state));
            }
            recorder.readouts.clear();
            DataParts data = new ResidentData(backend, DATA).parts(SPEC);
            finish(List.of(Cohort.resumed(KEY, backend, data, recorder, resumed, states)));
            assertArrayEquals(first, model("first"), "stopped at step " + stop);
            assertArrayEquals(second, model("second"), "stopped at step " + stop);
        }
    }

    private record Parent(Readout readout) implements Ancestor {
        @Override
        public Reported last() {
            return new Reported(NETWORK, readout.weights(), 3, 1);
        }

        @Override
        public Optional<Reported> at(CompressionRatio ratio) {
            return Optional.of(last());
        }

        @Override
        public Snapshot snapshot(Length at) {
            throw new IllegalStateException("none was taken");
        }

        @Override
        public int step() {
            return 42;
        }
    }

    @Test
    void aChildInheritsHowItsParentIsStored() {
        finish(start(new CpuBackend(), member("parent", Kind.PAPER, 3, 3)));
        Program child =
                new Program(List.of(new Instruction.Inherit(), new Instruction.TakeReadout(new CompressionRatio(3))));
        finish(start(
                new CpuBackend(), new Member("child", new Seed(5), child, new Parent(recorder.readout("parent")))));
        assertArrayEquals(model("parent"), model("child"));
        assertEquals(3.0, recorder.readout("child").epochs());
        Program again = new Program(List.of(new Instruction.Remeasure(new CompressionRatio(3))));
        finish(start(
                new CpuBackend(), new Member("again", new Seed(5), again, new Parent(recorder.readout("parent")))));
        assertArrayEquals(model("parent"), model("again"));
        assertEquals(
                recorder.readout("parent").test(),
                recorder.readout("again").test(),
                "the same weights make the same errors");
    }

    @Test
    void whatIsSharedCannotBePruned() {
        Program program = new Program(List.of(
                new Instruction.Initialize(new Storage(List.of(
                        new StoreSpec.Hashed(WeightHash.Mode.NATIVE, WeightHash.PUBLISHED_SEED, 9, 0),
                        StoreSpec.DENSE))),
                new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.GLOBAL, 3)));
        Cohort cohort = start(new CpuBackend(), new Member("m", new Seed(1), program, null))
                .get(0);
        assertThrows(IllegalArgumentException.class, cohort::applyDueEvents);
    }

    @Test
    void aProgramStartsOnceAndFirst() {
        Instruction readout = new Instruction.TakeReadout(new CompressionRatio(1));
        Instruction train = new Instruction.Train(Length.epochs(1));
        assertThrows(IllegalArgumentException.class, () -> new Program(List.of(train, readout)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Program(List.of(new Instruction.Initialize(), new Instruction.Inherit())));
    }
}
