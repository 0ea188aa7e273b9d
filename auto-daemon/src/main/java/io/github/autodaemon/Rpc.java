package io.github.autodaemon;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Calls by name, for protocols without a Java interface. Arguments and results are plain JSON values: {@code null},
 * {@link Boolean}, {@link String}, numbers, {@link java.util.List} and {@link java.util.Map}.
 *
 * <p>Only the methods that were named in {@link AutoDaemon#dynamic} can be called; any other name causes an
 * {@link IllegalArgumentException}. All methods may be called from any thread.
 */
@SuppressWarnings("exports") // A compiler does without an annotation that it does not find.
public interface Rpc {
    /**
     * Calls a method and waits for its result.
     *
     * @throws RemoteException when the method failed
     * @throws ConnectionLostException when no answer will come
     */
    @Nullable
    Object call(String method, @Nullable Object... args);

    /** Calls a method; the future completes as {@link #call} returns or throws, never on the thread that reads the socket. */
    CompletableFuture<@Nullable Object> callAsync(String method, @Nullable Object... args);

    /** Calls a method and does not wait for an answer. */
    void send(String method, @Nullable Object... args);

    /** Calls a stream method. */
    Duplex stream(String method, @Nullable Object... args);
}
