package io.github.autodaemon.internal.json;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Makes values of types out of plain ones. */
interface Converter {
    /**
     * Makes a value of a type out of a plain one.
     *
     * @throws IllegalArgumentException when it does not fit; names both
     */
    @Nullable
    Object convert(@Nullable Object plain, Type type);

    /** The key of a map that the name of a member of an object stands for. */
    @Nullable
    Object toKey(String name, Type type);
}
