package io.github.autodaemon.internal.json;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Makes values of types out of plain values. */
interface Converter {
    /**
     * Makes a value of a type out of a plain value.
     *
     * @throws IllegalArgumentException when the plain value does not fit; names both
     */
    @Nullable
    Object convert(@Nullable Object plain, Type type);

    /** The key of a map for the name of an object's member. */
    @Nullable
    Object toKey(String name, Type type);
}
