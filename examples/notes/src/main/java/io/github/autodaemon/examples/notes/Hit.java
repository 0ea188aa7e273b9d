package io.github.autodaemon.examples.notes;

/** A line that matches; the first line of a file is 1. */
public record Hit(String path, int line, String text) {}
