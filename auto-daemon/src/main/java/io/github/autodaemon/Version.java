package io.github.autodaemon;

/** The version of this library. */
final class Version {
    /** Kept equal to the build's by a test. */
    static final String CURRENT = "0.1.0";

    private Version() {}
}
