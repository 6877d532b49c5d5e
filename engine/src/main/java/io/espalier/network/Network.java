package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** R networks of one shape on one backend. */
public final class Network implements AutoCloseable {
    private final Backend backend;
    private final NetworkSpec spec;
    private final int members;
    private final Representation representation;
    private final List<Layer> layers = new ArrayList<>();
    private final List<List<StoreSpec>> stores = new ArrayList<>();
    private boolean pruned;

    /** Dense networks of zeros, all weights alive. */
    public Network(Backend backend, NetworkSpec spec, int members) {
        this.backend = backend;
        this.spec = spec;
        this.members = members;
        this.representation = Representation.dense(spec);
        for (int l = 0; l < spec.layers(); l++) {
            layers.add(new FullyConnected(
                    backend,
                    spec.activation(l),
                    new DenseWeights(backend, new Shape(members, spec.outputs(l), spec.inputs(l))),
                    BiasStore.Dense.of(backend, members, spec.outputs(l))));
            stores.add(Collections.nCopies(members, StoreSpec.DENSE));
        }
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
            layers.add(layer(l, representation.layers().get(l), ofLayer));
            stores.add(ofLayer.stream().map(LayerParameters::store).toList());
        }
        for (int r = 0; r < members; r++) {
            write(r, start.get(r));
        }
    }

    private Layer layer(int layer, Representation.Form form, List<LayerParameters> start) {
        for (LayerParameters one : start) {
            if (!form.takes(one.store())) {
                throw new IllegalArgumentException(
                        "Layer " + layer + ", stored as " + one.store() + ", cannot train as " + form);
            }
        }
        int outputs = spec.outputs(layer);
        int inputs = spec.inputs(layer);
        BiasStore biases = null;
        WeightStore weights;
        if (form instanceof Representation.Form.Hashed hashed) {
            List<StoreSpec.Hashed> stored = stores(StoreSpec.Hashed.class, start);
            WeightHash hash = new WeightHash(hashed.mode(), hashed.seed(), layer, WeightHash.Part.WEIGHTS);
            int[] buckets = stored.stream().mapToInt(StoreSpec.Hashed::buckets).toArray();
            weights = new HashedWeights(backend, new HashedMatrix(backend, hash, buckets, outputs, inputs));
            if (hashed.hashedBiases()) {
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
        return new FullyConnected(
                backend,
                spec.activation(layer),
                weights,
                biases == null ? BiasStore.Dense.of(backend, members, outputs) : biases);
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
        return new Pass(backend, spec, members, batch);
    }

    /** Outputs from inputs. */
    public void forward(Pass pass, DropoutPlan drops) {
        if (drops.input().isActive()) {
            backend.dropout(pass.inputs(), drops.input());
        }
        for (int l = 0; l < layers.size(); l++) {
            layers.get(l).forward(pass.activation(l), pass.activation(l + 1), drops.after(l, layers.size()));
        }
    }

    /** Adds the batch's losses to {@code sum} (R, 1, 1) and leaves the gradient of their mean for {@link #backward}. */
    public void loss(Pass pass, Tensor sum) {
        spec.loss().apply(backend, pass.outputs(), pass.labels(), pass.gradient(layers.size() - 1), sum);
    }

    /** Gradients of all parameters, after {@link #forward} with the same drops and {@link #loss}. */
    public void backward(Pass pass, DropoutPlan drops) {
        for (int l = layers.size() - 1; l >= 0; l--) {
            layers.get(l)
                    .backward(
                            pass.activation(l),
                            pass.activation(l + 1),
                            drops.after(l, layers.size()),
                            pass.gradient(l),
                            l == 0 ? null : pass.gradient(l - 1));
        }
    }

    /** Memory for curvature passes over batches of this size; the caller closes it. */
    public CurvaturePass curvaturePass(int batch, Curvature kind) {
        return new CurvaturePass(backend, this, batch, kind);
    }

    /** Curvature of all weights, after {@link #forward} without drops and {@link #loss}, whose gradient it uses up. */
    public void curvature(Pass pass, CurvaturePass into) {
        Curvature kind = into.kind();
        int last = layers.size() - 1;
        if (kind != Curvature.EMPIRICAL_FISHER) {
            spec.loss().curvature(backend, pass.outputs(), into.output(last));
        }
        Derivatives above = derivatives(pass, into, last);
        for (int l = last; l >= 0; l--) {
            Derivatives below = l == 0 ? null : derivatives(pass, into, l - 1);
            layers.get(l)
                    .curvature(
                            kind,
                            pass.activation(l),
                            pass.activation(l + 1),
                            above,
                            into.weights().get(l),
                            below);
            above = below;
        }
    }

    private static Derivatives derivatives(Pass pass, CurvaturePass into, int layer) {
        return new Derivatives(into.kind().readsGradient() ? pass.gradient(layer) : null, into.output(layer));
    }

    /** Weight and bias of layer 0, weight and bias of layer 1, and so on. */
    public List<Parameter> parameters() {
        return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
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
        List<Parameter> parameters = parameters();
        int alive = 0;
        for (int l = 0; l < layers.size(); l++) {
            alive +=
                    stores.get(l).get(member).countedAlive(parameters.get(2 * l).stored(backend, member));
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
        List<Parameter> parameters = parameters();
        for (int l = 0; l < layers.size(); l++) {
            Parameter weight = parameters.get(2 * l);
            Parameter bias = parameters.get(2 * l + 1);
            copies.add(new LayerParameters(
                    spec.outputs(l),
                    spec.inputs(l),
                    stores.get(l).get(member),
                    weight.read(backend, weight.value(), member),
                    weight.readMask(backend, member),
                    bias.read(backend, bias.value(), member)));
        }
        return new Parameters(copies);
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
        List<Parameter> parameters = parameters();
        for (int l = 0; l < layers.size(); l++) {
            LayerParameters layer = values.layers().get(l);
            if (!layer.store().equals(stores.get(l).get(member))) {
                throw new IllegalStateException("Layer " + l + " is stored as "
                        + stores.get(l).get(member) + " and cannot take numbers stored as " + layer.store());
            }
            Parameter weight = parameters.get(2 * l);
            Parameter bias = parameters.get(2 * l + 1);
            weight.writeMask(backend, member, layer.mask());
            weight.write(backend, weight.value(), member, layer.weight());
            bias.write(backend, bias.value(), member, layer.bias());
            pruned |= layer.alive() < layer.weights();
        }
    }

    @Override
    public void close() {
        layers.forEach(Layer::close);
    }
}
