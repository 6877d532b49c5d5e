package io.espalier.study;

import io.espalier.method.Method;

/**
 * A method with settings that are tried.
 *
 * @param label which settings, as people read them; empty where there is nothing to choose from
 */
public record Configuration(String label, Method method) {}
