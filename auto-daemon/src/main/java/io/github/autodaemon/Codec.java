package io.github.autodaemon;

import org.jspecify.annotations.Nullable;

/**
 * Converts values of a type between a client and its daemon: to plain JSON values, and back. A description names a
 * codec by its class, with {@link AutoDaemonBuilder#codec}; the class has a constructor without parameters. Client and
 * daemon make one object each, which any thread may use at any time.
 *
 * <p>A plain value is null, a {@link Boolean}, a {@link String}, a {@link Long}, a {@link java.math.BigInteger}, a
 * {@link Double}, a {@link java.math.BigDecimal}, a {@link java.util.List} of plain values, or a {@link java.util.Map}
 * from strings to plain values. Numbers arrive as the smallest of these types that holds their value, so read them as
 * {@link Number}. The plain value of a map's key has to be a string.
 *
 * <p>A codec is not called for null, which is carried as null.
 *
 * @param <T> the type
 */
public interface Codec<T> {
    /**
     * The plain value that stands for {@code value}.
     *
     * @param value a value, never null
     * @throws RuntimeException when there is none; the sender of the value gets the failure
     */
    @SuppressWarnings("exports") // A compiler does without an annotation that it does not find.
    @Nullable
    Object toPlain(T value);

    /**
     * The value that {@code plain} stands for.
     *
     * @param plain the received plain value, never null; of any plain type
     * @return not null
     * @throws RuntimeException when {@code plain} stands for no value; the call fails with the message
     */
    T fromPlain(Object plain);
}
