package io.espalier.backend;

import java.util.List;

/**
 * Where the weights of a sparse (O, I) matrix are, for each member its own: by rows (CSR) and by columns, the latter pointing
 * into the former. Members with fewer weights than the fullest leave the end of their arrays unused.
 *
 * @param outputs O
 * @param inputs I
 * @param capacity weights of the fullest member, at least 1
 * @param rowStarts (R, 1, O + 1) I32, where each row's weights begin
 * @param columns (R, 1, capacity) I32, the column of each weight, ascending within a row
 * @param columnStarts (R, 1, I + 1) I32, where each column's weights begin in the two arrays below
 * @param rows (R, 1, capacity) I32, the row of each weight, ascending within a column
 * @param order (R, 1, capacity) I32, its number in row order
 * @param positions (R, 1, capacity) I32, row-major index of each weight in row order; 0 where unused
 */
public record SparsePattern(
        int outputs,
        int inputs,
        int capacity,
        Tensor rowStarts,
        Tensor columns,
        Tensor columnStarts,
        Tensor rows,
        Tensor order,
        Tensor positions)
        implements AutoCloseable {
    /**
     * The pattern of dense masks.
     *
     * @param masks one a member, (O, I) row-major, 1 where a weight is
     */
    public static SparsePattern of(Backend backend, List<byte[]> masks, int outputs, int inputs) {
        int members = masks.size();
        int capacity =
                Math.max(1, masks.stream().mapToInt(SparsePattern::count).max().orElseThrow());
        Shape entries = new Shape(members, 1, capacity);
        SparsePattern pattern = new SparsePattern(
                outputs,
                inputs,
                capacity,
                backend.zeros(ElementType.I32, new Shape(members, 1, outputs + 1)),
                backend.zeros(ElementType.I32, entries),
                backend.zeros(ElementType.I32, new Shape(members, 1, inputs + 1)),
                backend.zeros(ElementType.I32, entries),
                backend.zeros(ElementType.I32, entries),
                backend.zeros(ElementType.I32, entries));
        for (int r = 0; r < members; r++) {
            pattern.fill(backend, r, masks.get(r));
        }
        return pattern;
    }

    private static int count(byte[] mask) {
        int count = 0;
        for (byte value : mask) {
            count += value;
        }
        return count;
    }

    private void fill(Backend backend, int member, byte[] mask) {
        int[] rowStart = new int[outputs + 1];
        int[] columnStart = new int[inputs + 1];
        int[] column = new int[capacity];
        int[] row = new int[capacity];
        int[] number = new int[capacity];
        int[] position = new int[capacity];
        int count = 0;
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                if (mask[o * inputs + i] != 0) {
                    columnStart[i + 1]++;
                    position[count] = o * inputs + i;
                    column[count++] = i;
                }
            }
            rowStart[o + 1] = count;
        }
        for (int i = 0; i < inputs; i++) {
            columnStart[i + 1] += columnStart[i];
        }
        int[] next = columnStart.clone();
        for (int o = 0; o < outputs; o++) {
            for (int k = rowStart[o]; k < rowStart[o + 1]; k++) {
                int at = next[column[k]]++;
                row[at] = o;
                number[at] = k;
            }
        }
        backend.write(rowStarts, member, rowStart);
        backend.write(columns, member, column);
        backend.write(columnStarts, member, columnStart);
        backend.write(rows, member, row);
        backend.write(order, member, number);
        backend.write(positions, member, position);
    }

    @Override
    public void close() {
        rowStarts.close();
        columns.close();
        columnStarts.close();
        rows.close();
        order.close();
        positions.close();
    }
}
