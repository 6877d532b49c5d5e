package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.backend.Window;
import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** R networks of one shape on one backend. */
public final class Network implements AutoCloseable {
    private final Backend backend;
    private final NetworkSpec spec;
    private final int members;
    private final Representation representation;
    private final List<Layer> layers = new ArrayList<>();
    private final List<FullyConnected> maps = new ArrayList<>();
    private final List<BatchNormalisation> norms = new ArrayList<>();
    private final List<List<StoreSpec>> stores = new ArrayList<>();
    private boolean pruned;

    /** Dense networks of zeros, all weights alive. */
    public Network(Backend backend, NetworkSpec spec, int members) {
        this(backend, spec, Collections.nCopies(members, Parameters.zeros(spec)), Representation.dense(spec));
    }

    /**
     * Networks with these parameters, one a member; sparse layers have the patterns of their masks.
     *
     * @throws IllegalArgumentException if a member's parameters are not stored as the representation says
     */
    public Network(Backend backend, NetworkSpec spec, List<Parameters> start, Representation representation) {
        this.backend = backend;
        this.spec = spec;
        this.members = start.size();
        this.representation = representation;
        for (int l = 0; l < spec.layers(); l++) {
            int layer = l;
            List<LayerParameters> ofLayer =
                    start.stream().map(one -> one.layers().get(layer)).toList();
            maps.add(map(l, representation.layers().get(l), ofLayer));
            stores.add(ofLayer.stream().map(LayerParameters::store).toList());
        }
        for (Architecture.Norm norm : spec.architecture().norms()) {
            norms.add(new BatchNormalisation(backend, members, norm.channels(), spec.activation()));
        }
        assemble();
        for (int r = 0; r < members; r++) {
            write(r, start.get(r));
        }
    }

    private void assemble() {
        Iterator<FullyConnected> nextMap = maps.iterator();
        Iterator<BatchNormalisation> nextNorm = norms.iterator();
        List<Features> values = spec.architecture().values();
        for (Step step : spec.architecture().topology().steps()) {
            Features from = values.get(step.reads().get(0));
            if (step instanceof Step.FullyConnected) {
                layers.add(nextMap.next());
            } else if (step instanceof Step.Convolution convolution) {
                Window window =
                        Architecture.window(from, convolution.kernel(), convolution.stride(), convolution.padding());
                int outputs = values.get(layers.size() + 1).channels();
                layers.add(new Convolution(backend, nextMap.next(), window, outputs));
            } else if (step instanceof Step.Normalisation) {
                layers.add(nextNorm.next());
            } else if (step instanceof Step.Pool pool) {
                layers.add(
                        new Pooling(backend, pool.kind(), Architecture.window(from, pool.kernel(), pool.stride(), 0)));
            } else if (step instanceof Step.GlobalAverage) {
                layers.add(new Pooling(
                        backend, Step.Pool.Kind.AVERAGE, Architecture.window(from, from.height(), from.height(), 0)));
            } else {
                layers.add(step instanceof Step.Sum ? Joining.sum(backend) : Joining.concatenation(backend));
            }
        }
    }

    private FullyConnected map(int layer, Representation.Form form, List<LayerParameters> start) {
        for (LayerParameters one : start) {
            if (!form.takes(one.store())) {
                throw new IllegalArgumentException(
                        "Layer " + layer + ", stored as " + one.store() + ", cannot train as " + form);
            }
        }
        int outputs = spec.outputs(layer);
        int inputs = spec.inputs(layer);
        int groups = spec.architecture().maps().get(layer).groups();
        BiasStore biases = null;
        WeightStore weights;
        if (groups > 1) {
            if (!(form instanceof Representation.Form.Dense) && !(form instanceof Representation.Form.Sparse)) {
                throw new IllegalArgumentException("Layer " + layer + " has " + groups
                        + " groups: its weights can be dense or pruned, but not stored as " + form);
            }
            weights = new GroupedWeights(backend, new Shape(members, outputs, inputs), groups);
        } else if (form instanceof Representation.Form.Hashed hashed) {
            List<StoreSpec.Hashed> stored = stores(StoreSpec.Hashed.class, start);
            WeightHash hash = new WeightHash(hashed.mode(), hashed.seed(), layer, WeightHash.Part.WEIGHTS);
            int[] buckets = stored.stream().mapToInt(StoreSpec.Hashed::buckets).toArray();
            weights = new HashedWeights(backend, new HashedMatrix(backend, hash, buckets, outputs, inputs));
            if (hashed.hashedBiases() && spec.biases(layer) > 0) {
                int[] few =
                        stored.stream().mapToInt(StoreSpec.Hashed::biasBuckets).toArray();
                biases = new BiasStore.Hashed(
                        backend, new HashedMatrix(backend, hash.of(WeightHash.Part.BIASES), few, outputs, 1));
            }
        } else if (form instanceof Representation.Form.LowRank) {
            weights = new LowRankWeights(backend, layer, stores(StoreSpec.LowRank.class, start), outputs, inputs);
        } else if (form instanceof Representation.Form.Codebook codebook) {
            weights = new CodebookWeights(
                    backend, stores(StoreSpec.Codebook.class, start), codebook.sparse(), outputs, inputs);
        } else if (form instanceof Representation.Form.Sparse) {
            List<byte[]> masks = start.stream().map(LayerParameters::mask).toList();
            weights = new SparseWeights(backend, masks, outputs, inputs);
        } else {
            weights = new DenseWeights(backend, new Shape(members, outputs, inputs));
        }
        if (biases == null && spec.biases(layer) > 0) {
            biases = BiasStore.Dense.of(backend, members, outputs);
        }
        return new FullyConnected(backend, layer, spec.layers(), spec.activation(layer), weights, biases);
    }

    private static <S extends StoreSpec> List<S> stores(Class<S> kind, List<LayerParameters> start) {
        return start.stream().map(one -> kind.cast(one.store())).toList();
    }

    public NetworkSpec spec() {
        return spec;
    }

    public int members() {
        return members;
    }

    /** On what its layers train. */
    public Representation representation() {
        return representation;
    }

    /** Memory for passes over batches of this size; the caller closes it. */
    public Pass pass(int batch) {
        return new Pass(backend, spec, layers, members, batch, true);
    }

    /** Memory for passes that only go forward. */
    public Pass forwardPass(int batch) {
        return new Pass(backend, spec, layers, members, batch, false);
    }

    /** Outputs from inputs. */
    public void forward(Pass pass, DropoutPlan drops) {
        if (drops.input().isActive()) {
            backend.dropout(pass.inputs(), drops.input());
        }
        for (int step = 0; step < layers.size(); step++) {
            pass.layer(step).forward(drops);
        }
    }

    /** Adds the batch's losses to {@code sum} (R, 1, 1) and leaves the gradient of their mean for {@link #backward}. */
    public void loss(Pass pass, Tensor sum) {
        spec.loss().apply(backend, pass.outputs(), pass.labels(), pass.outputGradient(), sum);
    }

    /** Looks at the gradients of activations, which do not last. */
    public interface Watcher {
        /**
         * What the units of a linear map give, after their activation.
         *
         * @param map from 0
         * @param y (R, units places, B)
         * @param dy its gradient, likewise
         */
        void units(int map, Tensor y, Tensor dy);
    }

    /** Gradients of all parameters, after {@link #forward} with the same drops and {@link #loss}. */
    public void backward(Pass pass, DropoutPlan drops) {
        backward(pass, drops, (map, y, dy) -> {});
    }

    /** {@link #backward(Pass, DropoutPlan)} under somebody's eyes. */
    public void backward(Pass pass, DropoutPlan drops, Watcher watcher) {
        List<Step> steps = spec.architecture().topology().steps();
        int[] mapShownBy = spec.architecture().mapShownBySteps();
        for (int step = layers.size() - 1; step >= 0; step--) {
            if (mapShownBy[step] != Architecture.NONE) {
                watcher.units(mapShownBy[step], pass.value(step + 1), pass.gradient(step + 1));
            }
            pass.layer(step).backward(drops);
            pass.gatherGradients(step, steps.get(step));
        }
    }

    /** Memory for curvature passes over batches of this size; the caller closes it. */
    public CurvaturePass curvaturePass(int batch, Curvature kind) {
        return new CurvaturePass(backend, this, batch, kind);
    }

    /** Curvature of all weights, after {@link #forward} without drops and {@link #loss}, whose gradient it uses up. */
    public void curvature(Pass pass, CurvaturePass into) {
        if (into.kind() != Curvature.EMPIRICAL_FISHER) {
            spec.loss().curvature(backend, pass.outputs(), into.ofOutputs());
        }
        List<Architecture.Matrix> matrices = spec.architecture().maps();
        int map = matrices.size() - 1;
        for (int step = layers.size() - 1; step >= 0; step--) {
            boolean hasWeights = map >= 0 && matrices.get(map).step() == step;
            into.layer(step, spec, pass, hasWeights ? into.weights().get(map--) : null);
        }
    }

    /** What training changes, in the order of {@link Parameters#values}. */
    public List<Parameter> parameters() {
        return Stream.concat(maps.stream(), norms.stream())
                .flatMap(layer -> layer.parameters().stream())
                .toList();
    }

    /** The parameters that a mask may prune, in layer order. */
    public List<Parameter> prunable() {
        return parameters().stream()
                .filter(parameter -> parameter.mask() != null)
                .toList();
    }

    /** Whether updates of this parameter must heed its mask: a sparse layer leaves out what is pruned, a dense one may not. */
    public boolean isMasked(Parameter parameter) {
        return pruned && parameter.mask() != null && parameter.pattern() == null;
    }

    /** One member's weights that are not pruned. */
    public int aliveWeights(int member) {
        int alive = 0;
        for (int l = 0; l < maps.size(); l++) {
            Parameter weight = maps.get(l).weights().parameter();
            alive += stores.get(l).get(member).countedAlive(weight.stored(backend, member));
        }
        return alive;
    }

    /** Puts exact zeros where the masks say so; to be called after masks were changed. */
    public void masksChanged() {
        pruned = true;
        for (Parameter parameter : prunable()) {
            backend.applyMask(parameter.value(), parameter.mask());
        }
    }

    /** A copy of one member's parameters. */
    public Parameters read(int member) {
        List<LayerParameters> copies = new ArrayList<>();
        for (int l = 0; l < maps.size(); l++) {
            Parameter weight = maps.get(l).weights().parameter();
            Parameter bias = maps.get(l).bias();
            copies.add(new LayerParameters(
                    spec.outputs(l),
                    spec.inputs(l),
                    stores.get(l).get(member),
                    weight.read(backend, weight.value(), member),
                    weight.readMask(backend, member),
                    bias == null ? new float[0] : bias.read(backend, bias.value(), member)));
        }
        return new Parameters(
                copies, norms.stream().map(norm -> norm.read(member)).toList());
    }

    /** One member by itself, its weights stored as they are here. */
    public Network alone(int member) {
        return new Network(backend, spec, List.of(read(member)), representation);
    }

    /** Gives a member the masks of the only member of another network, and zeros where they say so. */
    public void takeMasks(int member, Network from) {
        for (int i = 0; i < prunable().size(); i++) {
            prunable().get(i).writeMask(backend, member, from.prunable().get(i).readMask(backend, 0));
        }
        masksChanged();
    }

    /** Overwrites one member's parameters, which are stored as those it has. */
    public void write(int member, Parameters values) {
        for (int l = 0; l < maps.size(); l++) {
            LayerParameters layer = values.layers().get(l);
            if (!layer.store().equals(stores.get(l).get(member))) {
                throw new IllegalStateException("Layer " + l + " is stored as "
                        + stores.get(l).get(member) + " and cannot take numbers stored as " + layer.store());
            }
            Parameter weight = maps.get(l).weights().parameter();
            weight.writeMask(backend, member, layer.mask());
            weight.write(backend, weight.value(), member, layer.weight());
            Parameter bias = maps.get(l).bias();
            if (bias != null) {
                bias.write(backend, bias.value(), member, layer.bias());
            }
            pruned |= layer.alive() < layer.weights();
        }
        for (int n = 0; n < norms.size(); n++) {
            norms.get(n).write(member, values.norms().get(n));
        }
    }

    @Override
    public void close() {
        layers.forEach(Layer::close);
    }
}
