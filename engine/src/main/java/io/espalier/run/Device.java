package io.espalier.run;

import io.espalier.backend.Backend;
import java.util.function.Supplier;

/**
 * Something that trains one cohort at a time.
 *
 * @param name for people
 * @param maxMembers the most members its cohorts have
 * @param opener makes its backend, on the thread that will use it
 */
public record Device(String name, int maxMembers, Supplier<Backend> opener) {}
