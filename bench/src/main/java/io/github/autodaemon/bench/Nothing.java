package io.github.autodaemon.bench;

/** A program that does nothing. */
final class Nothing {
    private Nothing() {}

    /** Does nothing. */
    public static void main(String[] args) {}
}
