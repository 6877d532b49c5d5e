/** What hands a study to a cluster: job scripts and manifests as text. Imports nothing of ours. */
package io.espalier.experiments.cluster;
