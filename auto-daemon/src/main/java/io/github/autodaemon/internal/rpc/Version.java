package io.github.autodaemon.internal.rpc;

/** The version of this library. */
public final class Version {
    /** Kept equal to the build's by a test. */
    public static final String CURRENT = "0.1.0";

    private Version() {}
}
