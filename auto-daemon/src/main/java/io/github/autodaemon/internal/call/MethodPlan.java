package io.github.autodaemon.internal.call;

import io.github.autodaemon.Duplex;
import io.github.autodaemon.OneWay;
import io.github.autodaemon.Sequence;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a method of a service's interface, made once.
 *
 * @param method the method; null for a method that is known by name only
 * @param name its name on the wire
 * @param kind how the method is called, which its return type says
 * @param result the type of its result
 * @param parameters the types of its parameters
 * @param varargs whether the last parameter takes all further arguments
 */
public record MethodPlan(
        @Nullable Method method, String name, Kind kind, Type result, List<Type> parameters, boolean varargs) {
    /** How a method is called. */
    public enum Kind {
        /** The caller waits for the result. */
        BLOCKING,
        /** The caller gets a future. */
        FUTURE,
        /** No caller waits. */
        ONE_WAY,
        /** The caller gets a stream. */
        STREAM,
        /** The caller gets a sequence, or passes one; on the wire a sequence is a stream. */
        SEQUENCE
    }

    private static final int NONE = -1;

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
            result = argument(result);
        } else if (returned == Sequence.class) {
            kind = Kind.SEQUENCE;
            result = argument(result);
        }
        if (kind == Kind.BLOCKING && taken(method.getParameterTypes()) != NONE) {
            kind = Kind.SEQUENCE;
        }
        return new MethodPlan(
                method, method.getName(), kind, result, List.of(method.getGenericParameterTypes()), method.isVarArgs());
    }

    private static Type argument(Type generic) {
        return generic instanceof ParameterizedType type ? type.getActualTypeArguments()[0] : Object.class;
    }

    private static int taken(Class<?>[] parameters) {
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] == Sequence.class) {
                return i;
            }
        }
        return NONE;
    }

    /** The index of the parameter that is a sequence; -1 when none is. */
    int taken() {
        return method == null ? NONE : taken(method.getParameterTypes());
    }

    /** True if the result is a sequence; its values are of the type {@link #result()}. */
    boolean returnsSequence() {
        return method != null && method.getReturnType() == Sequence.class;
    }

    /** The type that a parameter carries: the type of its values, when the parameter is a sequence. */
    Type item(int parameter) {
        return parameter == taken() ? argument(parameters.get(parameter)) : parameters.get(parameter);
    }

    /** True if the method is a stream on the wire. */
    boolean isStream() {
        return kind == Kind.STREAM || kind == Kind.SEQUENCE;
    }

    @Override
    public String toString() {
        return name;
    }

    public static IllegalArgumentException closed(Class<?> type) {
        return new IllegalArgumentException("the module "
                + type.getModule().getName() + " does not let the daemon use " + type.getName() + "; add \"opens "
                + type.getPackageName() + " to "
                + MethodPlan.class.getModule().getName()
                + ";\" to its module-info.java");
    }
}
