/** Ways of getting a network of a given size: each a file that says what its trials do. Imports random, data, network, compress, train. */
package io.espalier.method;
