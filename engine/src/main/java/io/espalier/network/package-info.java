/** Networks: their description, layers, weight stores, losses, and the model file. Imports random, data and backend. */
package io.espalier.network;
