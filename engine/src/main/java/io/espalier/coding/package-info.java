/** Numbers in few bits: bit streams, canonical Huffman codes, places of what is not pruned, binary16. Imports nothing of Espalier. */
package io.espalier.coding;
