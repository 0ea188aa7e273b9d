package io.github.autodaemon.internal.json;

import org.jspecify.annotations.Nullable;

/** How what is not plain is written; by default it is not. */
interface Mapper {
    /** For what is plain. */
    Mapper NONE = new Mapper() {};

    /** Whether this has a form of its own for a value that might be a list, a map or the like. */
    default boolean isMapped(Object value) {
        return false;
    }

    /**
     * Appends the text of a value that is not plain.
     *
     * @throws IllegalArgumentException when it cannot be carried; says what and why
     */
    default void write(StringBuilder out, Object value, int depth) {
        throw new IllegalArgumentException(value.getClass().getName() + " is not plain");
    }

    /** The name of a member of an object that stands for a key of a map. */
    default String key(@Nullable Object key) {
        return String.valueOf(key);
    }
}
