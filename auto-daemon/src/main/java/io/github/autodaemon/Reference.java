package io.github.autodaemon;

/** Keeps a daemon with {@link AutoDaemonBuilder#autoClose autoClose} alive until it is closed. */
@FunctionalInterface
public interface Reference extends AutoCloseable {
    /** Lets go. The second call has no effect. */
    @Override
    void close();
}
