package io.espalier.experiments.cli;

import io.espalier.compress.SaliencyKind;
import io.espalier.compress.UnitCriterionKind;
import io.espalier.data.Catalog;
import io.espalier.network.NamedNetwork;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a study may ask for. */
@Command(
        name = "methods",
        mixinStandardHelpOptions = true,
        description = "Lists methods, saliencies, schedules, networks and data sets, with their options.",
        footer = {"", "Example:", "  espalier methods"})
final class MethodsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        section(out, "Methods (in `methods`)");
        item(out, "dense", "the uncompressed control; name, training, penalty, or file: weights trained elsewhere");
        item(out, "equal-size", "a narrower network from scratch; name, training, penalty, epochs, ratios");
        item(out, "", "by: width|depth|bottleneck, or another network, made narrower");
        item(
                out,
                "profile",
                "the widths that `prune-neurons` left (`of`, `at` a ratio), scaled, from scratch; as equal-size");
        item(out, "hashed", "weights share hash buckets, from scratch; the same and mode, hash-biases, expand");
        item(out, "low-rank", "a fixed random and a learned factor, from scratch; as equal-size, and expand");
        item(out, "random-edges", "connections removed at random before training; as equal-size, and expand");
        item(
                out,
                "rigl",
                "few weights from the start, at places that move (Evci et al. 2020); name, training, penalty,");
        item(out, "", "epochs, ratios, scope: erk|layer, update-every: 100it, until: 0.75, alpha: 0.3");
        item(
                out,
                "prune",
                "cut, recover, again; name, saliency, scope, schedule, recovery, penalty, training, from, ratios, distill");
        item(
                out,
                "prune, from: scratch",
                "cut before any training, then train; name, saliency, scope, schedule, training, penalty, epochs, ratios");
        item(
                out,
                "prune-neurons",
                "the same with whole hidden units, the network really shrunk; criterion for saliency");
        item(
                out,
                "quantise",
                "fewer bits a weight, at each ratio of `from`; name, to, from, epochs, penalty, training, ratios");
        section(out, "Bits (`to`, quantising dense or pruned networks)");
        item(out, "half", "half precision, biases too");
        item(out, "{ linear: 8 }", "evenly spaced, as far on both sides of zero as a layer's largest weight");
        item(out, "{ codebook: 5 }", "the centroids of a k-means clustering, each layer its own; `epochs` trains them");
        section(out, "Dark knowledge (`distill`, for all but dense, profile, rigl and quantise)");
        item(
                out,
                "{ temperature: 4, weight: 0.5 }",
                "labels and a dense teacher of the same seed (`from`, default dense); these are the defaults");
        item(out, "", "what is pruned has the network for a teacher that it was cut from");
        section(out, "Hashes (`mode`)");
        item(out, "native", "keys are integers, biases stored as they are (default)");
        item(out, "paper", "keys and counts of Chen et al. 2015; biases hashed unless `hash-biases: false`");
        section(out, "Saliencies (`saliency`): the lowest go first");
        for (SaliencyKind saliency : SaliencyKind.values()) {
            item(out, saliency.key(), saliency.description());
        }
        item(out, "{ obd-sd: { reading: mean-plus-sd, c: 1 } }", "mean + c sd over batches (default)");
        item(out, "{ obd-sd: { reading: per-layer-sd } }", "obd over its sd in the layer");
        item(out, "", "both are our readings: the paper's formula was not to be had");
        item(out, "{ snip: { examples: 100 } }", "how many examples it draws");
        item(out, "", "all but magnitude, random and synflow read training examples, without dropout");
        section(out, "Choices of hidden units (`criterion`): the lowest go first");
        for (UnitCriterionKind criterion : UnitCriterionKind.values()) {
            item(out, criterion.key(), criterion.description());
        }
        item(
                out,
                "{ dropout-damage: { masks: 1000, rate: 0.1, examples: 500 } }",
                "every unit dropped by that share of the masks");
        item(out, "{ fisher: { examples: 1000 } }", "how many examples it draws; `taylor` likewise");
        section(out, "Scopes (`scope`)");
        item(out, "global", "one ranking over the network (default)");
        item(out, "layer", "the same sparsity in every layer; of units, all hidden layers narrowed alike");
        item(
                out,
                "layer-half-output",
                "each cut takes one share of what a layer has left, half of it from the last layer");
        item(out, "erk", "in proportion to a layer's inputs and outputs: small layers are denser");
        section(out, "Schedules (`schedule`)");
        item(out, "one-shot", "one cut from the dense network to each ratio");
        item(out, "{ cycles: n }", "n cuts between consecutive ratios; law, epochs of a cycle");
        item(
                out,
                "{ every: 100it, epochs: n }",
                "a unit every so many steps of a cycle, not before it; of prune-neurons");
        item(out, "until: { train-accuracy: 0.99 }", "cut again at the first epoch's end with that accuracy;");
        item(out, "", "epochs is then the most a cycle takes");
        item(out, "last: 50", "epochs of a cycle that ends in a readout; never cut short");
        item(out, "law: geometric", "each cut keeps the same share of what is left (default)");
        item(out, "law: linear", "each cut removes the same number");
        item(out, "law: f_k", "r (k/n)^(1/16) removed after cut k of n = 15 (Baktash et al. 2019)");
        section(out, "Recoveries (`recovery`)");
        item(out, "fine-tune", "survivors go on from their values (default)");
        item(out, "continue", "likewise, and the learning rate goes on from the epochs so far");
        item(out, "{ rewind: 500it }", "weights, optimiser and schedule back to that point (or 2ep)");
        item(out, "{ learning-rate-rewind: 2ep }", "the schedule alone goes back");
        item(out, "reinit", "survivors are drawn anew after every cut: the control for rewinding");
        item(out, "scratch", "what fine-tuning would keep at the ratio, drawn anew, as long as methods from scratch");
        section(out, "Learning rates (`learning-rate`)");
        item(out, "0.1", "constant");
        item(out, "{ cosine: 0.1 }", "to zero over the phase");
        item(out, "{ step: 0.1, factor: 0.2, every: 10 }", "times the factor every so many epochs");
        item(out, "{ inverse-sqrt-epoch: 6 }", "rate / sqrt(epoch)");
        item(out, "{ inverse-time: 0.1, decay: 1e-4 }", "rate / (1 + decay step)");
        section(out, "Evaluation (`training`)");
        item(out, "evaluate-every: 100it", "look at the validation loss that often, for early stopping (or 1ep)");
        item(out, "replay-data: true", "where the schedule goes back, the same batches come again");
        section(out, "Penalties (`penalty`)");
        item(out, "l2", "5e-4/2 ||w||^2; { l2: x } for another strength");
        item(out, "l1", "1e-5 ||w||_1; { l1: x } for another strength");
        section(out, "Networks (`network`)");
        item(
                out,
                "{ mlp: [784, 300, 10] }",
                "activation: relu|sigmoid|tanh, output: linear|sigmoid, loss: softmax|mse,");
        item(out, "", "init: he|glorot|lecun|uniform-fan-in");
        for (NamedNetwork network : NamedNetwork.values()) {
            item(out, network.key(), network.description());
        }
        section(out, "Data sets (`data: { name: ... }`), or `data: { idx: DIR }`, `amat` or `npy` for your own");
        for (Catalog entry : Catalog.values()) {
            item(out, entry.key(), entry.description());
        }
        item(out, "examples: 5000", "the first so many of the training file, `validation` among them");
        item(out, "normalise: true", "mean 0 and deviation 1 for every channel of the training part");
        item(
                out,
                "training-errors: false",
                "rows say what networks err on validation and test data only, and are there sooner");
        item(out, "augment: { shift: 4, mirror: true }", "training images moved and mirrored, anew at every step");
        section(out, "Studies that ship");
        StudyOptions.SHIPPED.forEach(name -> item(out, name, ""));
        out.flush();
        return ExitCode.DONE;
    }

    private static void section(PrintWriter out, String title) {
        out.println(title);
    }

    private static void item(PrintWriter out, String name, String text) {
        out.println(("  " + name + " ".repeat(Math.max(1, 40 - name.length())) + text).stripTrailing());
    }
}
