package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Parameters.LayerParameters;
import java.util.ArrayList;
import java.util.List;

/** R networks of one shape on one backend. */
public final class Network implements AutoCloseable {
    private final Backend backend;
    private final NetworkSpec spec;
    private final int members;
    private final List<Layer> layers = new ArrayList<>();
    private boolean pruned;

    /** Networks of zeros, all weights alive. */
    public Network(Backend backend, NetworkSpec spec, int members) {
        this.backend = backend;
        this.spec = spec;
        this.members = members;
        for (int l = 0; l < spec.layers(); l++) {
            add(l, new DenseWeights(backend, new Shape(members, spec.outputs(l), spec.inputs(l))));
        }
    }

    /** Networks with these parameters, one a member; sparse layers have the patterns of their masks. */
    public Network(Backend backend, NetworkSpec spec, List<Parameters> start, Representation representation) {
        this.backend = backend;
        this.spec = spec;
        this.members = start.size();
        for (int l = 0; l < spec.layers(); l++) {
            int layer = l;
            List<byte[]> masks =
                    start.stream().map(one -> one.layers().get(layer).mask()).toList();
            add(
                    l,
                    representation.sparse().get(l)
                            ? new SparseWeights(backend, masks, spec.outputs(l), spec.inputs(l))
                            : new DenseWeights(backend, new Shape(members, spec.outputs(l), spec.inputs(l))));
        }
        for (int r = 0; r < members; r++) {
            write(r, start.get(r));
        }
    }

    private void add(int layer, WeightStore weights) {
        layers.add(new FullyConnected(backend, members, spec.outputs(layer), spec.activation(layer), weights));
    }

    public NetworkSpec spec() {
        return spec;
    }

    public int members() {
        return members;
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
        int alive = 0;
        for (Parameter parameter : prunable()) {
            for (byte value : backend.bytes(parameter.mask(), member)) {
                alive += value;
            }
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
            copies.add(new LayerParameters(
                    spec.outputs(l),
                    spec.inputs(l),
                    weight.dense(backend, weight.value(), member),
                    weight.denseMask(backend, member),
                    backend.floats(parameters.get(2 * l + 1).value(), member)));
        }
        return new Parameters(copies);
    }

    /** One member by itself, its weights stored as they are here. */
    public Network alone(int member) {
        List<Boolean> sparse =
                prunable().stream().map(weight -> weight.pattern() != null).toList();
        return new Network(backend, spec, List.of(read(member)), new Representation(sparse));
    }

    /** Gives a member the masks of the only member of another network, and zeros where they say so. */
    public void takeMasks(int member, Network from) {
        for (int i = 0; i < prunable().size(); i++) {
            prunable().get(i).writeMask(backend, member, from.prunable().get(i).denseMask(backend, 0));
        }
        masksChanged();
    }

    /** Overwrites one member's parameters. */
    public void write(int member, Parameters values) {
        List<Parameter> parameters = parameters();
        for (int l = 0; l < layers.size(); l++) {
            LayerParameters layer = values.layers().get(l);
            Parameter weight = parameters.get(2 * l);
            weight.writeMask(backend, member, layer.mask());
            weight.writeDense(backend, weight.value(), member, layer.weight());
            backend.write(parameters.get(2 * l + 1).value(), member, layer.bias());
            pruned |= layer.alive() < layer.mask().length;
        }
    }

    @Override
    public void close() {
        layers.forEach(Layer::close);
    }
}
