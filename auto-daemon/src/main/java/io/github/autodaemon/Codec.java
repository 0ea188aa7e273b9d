package io.github.autodaemon;

import org.jspecify.annotations.Nullable;

/**
 * How values of a type are carried between a client and its daemon: as plain JSON values, and back. A description names it
 * by its class, with {@link AutoDaemonBuilder#codec}; the class has a constructor without parameters. Client and daemon make
 * one object each, which any thread may use at any time.
 *
 * <p>A plain value is null, a {@link Boolean}, a {@link String}, a {@link Long}, a {@link java.math.BigInteger}, a {@link
 * Double}, a {@link java.math.BigDecimal}, a {@link java.util.List} of plain values, or a {@link java.util.Map} from strings
 * to plain values. Numbers arrive as the smallest of these types that has their value, so read them as {@link Number}. A map's
 * key has to become a string.
 *
 * <p>A codec is not asked about null, which is carried as null.
 *
 * @param <T> the type
 */
public interface Codec<T> {
    /**
     * The plain value that stands for {@code value}.
     *
     * @param value a value, never null
     * @throws RuntimeException when there is none; whoever sends the value is told
     */
    @SuppressWarnings("exports") // A compiler does without an annotation that it does not find.
    @Nullable
    Object toPlain(T value);

    /**
     * The value that {@code plain} stands for.
     *
     * @param plain what came, never null; anything may come
     * @return not null
     * @throws RuntimeException when it stands for none; the call fails with the message
     */
    T fromPlain(Object plain);
}
