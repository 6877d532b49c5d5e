/** Study files: strict YAML in, a {@link io.espalier.study.Study} out, every mistake with its place. Imports the engine's study and below. */
package io.espalier.experiments.studyfile;
