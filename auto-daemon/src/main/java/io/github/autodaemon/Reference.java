package io.github.autodaemon;

/** Keeps a daemon with {@link AutoDaemonBuilder#autoClose autoClose} alive until this reference is closed. */
@FunctionalInterface
public interface Reference extends AutoCloseable {
    /** Releases the reference. The second call has no effect. */
    @Override
    void close();
}
