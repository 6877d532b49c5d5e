#!/bin/sh
# ci/evidence.sh: after `mvn verify`, puts what its tests of faults, numbers and bad input counted into the tables of reliability.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh

# row PART TRIED MODULE CLASS[#METHOD...]...
row() {
  part=$1 tried=$2 module=$3
  shift 3
  cases=0 skipped=0 names=
  for test in "$@"; do
    class=${test%%#*}
    report=$(ls "$module"/target/surefire-reports/TEST-*."$class".xml 2> /dev/null) ||
      { echo "evidence: no report of $class; run mvn verify first" >&2; exit 1; }
    ! grep -q '<failure\|<error' $report || { echo "evidence: $class failed" >&2; exit 1; }
    [ "$class" = "$test" ] && method= || method=${test#*#}
    found=$(grep -c "<testcase name=\"$method" $report) || { echo "evidence: $test was not run" >&2; exit 1; }
    cases=$((cases + found))
    skipped=$((skipped + $(grep -c '<skipped' $report || true)))
    names="$names${names:+, }\`$test\`"
  done
  [ "$skipped" -eq 0 ] || { echo "evidence: some of $names were skipped" >&2; exit 1; }
  record "$part" "$tried" "$cases" 0 "$names" "" "mvn verify"
}

row crash "torn checkpoints: every bit flipped, every length cut; both gone" engine \
  'FaultyDiskTest#everyFlippedBit' 'FaultyDiskTest#aTornNewest' 'FaultyDiskTest#withNoSound'
row crash "checkpoints of another release, writes refused in the middle, files that killed writes left" engine \
  'FaultyDiskTest#aCheckpointOfAnother' 'FaultyDiskTest#aRefusedWrite' 'FaultyDiskTest#whatKilledWrites'
row crash "stops at hundreds of steps, and in what is done between steps, each gone on from" engine \
  'SchedulerTest#aStoppedRunGoesOn' 'SchedulerTest#aRunStoppedBetween' InterruptionTest
row crash "nothing that a run does follows from the wall clock" engine 'SecurityTest#theWallClock'
row determinism "workers, cohorts and shards, backend cpu" engine 'SchedulerTest#numberOfWorkers' 'SchedulerTest#shardsInAnyOrder'
row determinism "cohorts of 1 and 64, three devices, little memory, backend cuda emulated" engine \
  'EmulatedStudyTest#cohortsAndDevices' 'EmulatedStudyTest#aDeviceWithLittle' 'EmulatedStudyTest#runningOutOfMemory'
row determinism "what randomness gives is pinned" engine 'PinnedBitsTest' 'PhiloxTest' 'XxHash32Test' 'WeightHashTest'
row numerics "gradients against differences: 4 activations, 2 outputs, 2 losses, dropout" engine GradientTest
row numerics "gradients against differences: 4 storages, 3 activations, 2 losses" engine 'CompactWeightsTest#backwardIs'
row numerics "curvature against differences: 4 activations, 3 outputs, both losses" engine CurvatureTest
row numerics "convolutional networks, gradients against differences: 3 networks of all layers, 4 activations, 3 losses, training and evaluation" engine \
  'ConvolutionalDerivativeTest#backwardIs'
row numerics "convolutional networks, curvature against differences and against the unrolled network: 4 activations, both losses" engine \
  'ConvolutionalDerivativeTest#curvatureIs' 'ConvolutionalDerivativeTest#convolutionIs' 'ConvolutionalDerivativeTest#fisherIs'
row numerics "every op of every backend against its definition, kernels race-checked" engine ContractTest EmulatedContractTest ClosedFormTest
row numerics "masked, sparse and shrunk networks give the same outputs" engine \
  SparseOutputsTest 'UnitPrunerTest#theShrunkNetwork' 'ShrinkingTest#theShrunkNetwork' 'ConvolutionalNetworkTest#outputsOfTheShrunk'
row numerics "accuracy counted over every example, the last batch short" engine 'CohortTest#trainingLearnsAndErrors'
row numerics "a diverged member is marked, its neighbours keep their bits" engine \
  'CohortTest#aDivergedMember' 'SchedulerTest#divergedParents'
row parsers "what fuzzers kept, by format" engine CorpusTest
row parsers "files damaged by hand" engine IdxReaderTest CifarReaderTest AmatReaderTest NpyReaderTest ModelFileTest PackedModelTest
row environment "no driver, a driver that is too old, libraries missing or that do not start" kernels \
  DriverTest CudaLibrariesTest DamagedLibraryTest KernelLibraryTest
row environment "cuBLAS missing or not starting" engine 'PeersTest#aMissingLibrary' 'TensorCoreTest#aLibraryThatDoesNotStart'
row environment "a device lost under way, the others go on; emulated" engine 'EmulatedStudyTest#aLostDevice'
row environment "mirrors that serve HTML, other contents, bombs, nothing, half, too slowly; three processes at once" engine DownloadTest
row security "no objects from bytes, no code from data, no other programs, no archives" engine \
  'SecurityTest#noObjects' 'SecurityTest#noCode' 'SecurityTest#noOther' 'SecurityTest#noArchives'
row security "the application: no objects from study files or bytes, no code from data, no program but sbatch" experiments SecurityTest
row security "downloads over TLS with pinned hashes" engine 'DownloadTest#whatTheProgramFetches' 'DownloadTest#aBadMirror'
row tests "memory outside the heap and of an emulated device after 10,000 steps" engine FlatMemoryTest
echo "evidence: recorded"
