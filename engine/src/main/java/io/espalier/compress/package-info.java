/** Making networks small: saliencies, scopes, schedules of sparsity, and what the result costs to store. Imports random, backend and network. */
package io.espalier.compress;
