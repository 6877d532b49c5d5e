/** The contract of a backend: tensors with the member as leading dimension, and the ops on them. Imports random and data. */
package io.espalier.backend;
