package io.github.autodaemon;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a method of a service's interface means, found out once.
 *
 * @param method the method; null for one known by name only
 * @param name its name on the wire
 * @param kind how it is called, which its return type says
 * @param result the type of its result
 * @param parameters the types of its parameters
 * @param varargs whether the last parameter takes all further arguments
 */
record MethodPlan(
        @Nullable Method method, String name, Kind kind, Type result, List<Type> parameters, boolean varargs) {
    /** How a method is called. */
    enum Kind {
        /** The caller waits for the result. */
        BLOCKING,
        /** The caller gets a future. */
        FUTURE,
        /** Nobody waits. */
        ONE_WAY,
        /** The caller gets a stream. */
        STREAM
    }

    static MethodPlan of(Method method) {
        Class<?> returned = method.getReturnType();
        Type result = method.getGenericReturnType();
        Kind kind = Kind.BLOCKING;
        if (method.isAnnotationPresent(OneWay.class)) {
            kind = Kind.ONE_WAY;
        } else if (returned == Duplex.class) {
            kind = Kind.STREAM;
        } else if (returned == CompletableFuture.class) {
            kind = Kind.FUTURE;
            result = result instanceof ParameterizedType future ? future.getActualTypeArguments()[0] : Object.class;
        }
        return new MethodPlan(
                method, method.getName(), kind, result, List.of(method.getGenericParameterTypes()), method.isVarArgs());
    }

    @Override
    public String toString() {
        return name;
    }
}
