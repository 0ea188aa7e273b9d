package io.github.autodaemon.examples.notes;

import java.util.Optional;

/**
 * How far an index run is.
 *
 * @param done files that were looked at
 * @param total files there are to look at
 * @param report what it did; only of a run that is over
 */
public record Progress(int done, int total, Optional<IndexReport> report) {}
