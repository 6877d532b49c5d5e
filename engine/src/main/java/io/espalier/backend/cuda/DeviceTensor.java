package io.espalier.backend.cuda;

import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;

/** A tensor in device memory, members one after the other, REAL as float32. */
final class DeviceTensor implements Tensor {
    private static final long CLOSED = 0;

    private final KernelDevice device;
    private final ElementType type;
    private final Shape shape;
    /** Whose memory it is: of a view the tensor that it was made of, otherwise this one. */
    private final DeviceTensor owner;

    private long address;
    private InvertedIndex inverse;

    /** A tensor with any contents. */
    DeviceTensor(KernelDevice device, ElementType type, Shape shape) {
        this.device = device;
        this.type = type;
        this.shape = shape;
        this.owner = this;
        this.address = device.allocate(bytes());
    }

    private DeviceTensor(DeviceTensor owner, Shape shape) {
        this.device = owner.device;
        this.type = owner.type;
        this.shape = shape;
        this.owner = owner;
    }

    /** The same memory in another shape. */
    DeviceTensor as(Shape shape) {
        return new DeviceTensor(owner, shape);
    }

    /** Where it begins, as kernels take it; 0 for the null of an operand that is left out. */
    static long at(Tensor tensor) {
        return tensor == null ? 0 : of(tensor).address();
    }

    // Sizes by their short names, which the calls of kernels are full of.

    static int members(Tensor tensor) {
        return tensor.shape().members();
    }

    static int rows(Tensor tensor) {
        return tensor.shape().rows();
    }

    static int columns(Tensor tensor) {
        return tensor.shape().columns();
    }

    /** The tensor of another backend is a mistake of the caller. */
    static DeviceTensor of(Tensor tensor) {
        return (DeviceTensor) tensor;
    }

    long address() {
        if (owner.address == CLOSED) {
            throw new IllegalStateException("A tensor of shape " + shape + " is used after it was closed");
        }
        return owner.address;
    }

    /** Where the slice of a member begins. */
    long address(int member) {
        return address() + (long) member * shape.perMember() * elementBytes();
    }

    int elementBytes() {
        return type == ElementType.U8 ? 1 : 4;
    }

    long bytes() {
        return (long) shape.size() * elementBytes();
    }

    /** Where this index's buckets are used; made when first asked for. */
    InvertedIndex inverse(int capacity) {
        if (owner.inverse != null && owner.inverse.capacity() != capacity) {
            changed();
        }
        if (owner.inverse == null) {
            owner.inverse = new InvertedIndex(device, owner, capacity);
        }
        return owner.inverse;
    }

    /** Has to be said when the contents change: what was derived from them goes. */
    void changed() {
        if (owner.inverse != null) {
            owner.inverse.close();
            owner.inverse = null;
        }
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public void close() {
        // A view has no address of its own.
        if (address != CLOSED) {
            changed();
            device.free(address);
            address = CLOSED;
        }
    }
}
