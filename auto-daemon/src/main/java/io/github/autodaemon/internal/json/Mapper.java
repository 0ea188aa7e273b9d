package io.github.autodaemon.internal.json;

import org.jspecify.annotations.Nullable;

/** Writes values that are not plain; by default none can be written. */
interface Mapper {
    /** A mapper for plain values only. */
    Mapper NONE = new Mapper() {};

    /** True if this mapper has a form of its own for a value that might be a list, a map or the like. */
    default boolean isMapped(Object value) {
        return false;
    }

    /**
     * Appends the text of a value that is not plain.
     *
     * @throws IllegalArgumentException when the value cannot be carried; says what and why
     */
    default void write(StringBuilder out, Object value, int depth) {
        throw new IllegalArgumentException(value.getClass().getName() + " is not plain");
    }

    /** The name of an object's member for a key of a map. */
    default String key(@Nullable Object key) {
        return String.valueOf(key);
    }
}
