package io.github.autodaemon;

import java.io.Closeable;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The methods of a service's interface. Making one checks the interface, so that no mistake waits for the first call. */
final class InterfacePlan {
    /** No methods: those of a dynamic description are not in an interface. */
    static final InterfacePlan NONE = new InterfacePlan(Rpc.class);

    private final Class<?> type;
    private final Map<String, MethodPlan> byName = new HashMap<>();

    private InterfacePlan(Class<?> type) {
        this.type = type;
    }

    /**
     * The plan of an interface.
     *
     * @throws IllegalArgumentException when it cannot be called from another process; names the method and says what to
     *     do instead
     */
    static InterfacePlan of(Class<?> type) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(
                    type.getName() + " is not an interface; clients call a service through an interface");
        }
        InterfacePlan plan = new InterfacePlan(type);
        for (Method method : type.getMethods()) {
            // A default method runs where it is called, on top of the abstract ones.
            if (Modifier.isAbstract(method.getModifiers())) {
                plan.add(method);
            }
        }
        if (plan.byName.isEmpty()) {
            throw new IllegalArgumentException(type.getName() + " has no abstract methods; there is nothing to call");
        }
        return plan;
    }

    private void add(Method method) {
        MethodPlan plan = MethodPlan.of(method);
        MethodPlan other = byName.putIfAbsent(plan.name(), plan);
        if (other != null && !sameSignature(method, other.method())) {
            throw mistake(method, "there are two methods of this name", "give each its own name");
        }
        if (method.getTypeParameters().length > 0) {
            throw mistake(method, "a generic method does not say which type it takes", "use a plain type");
        }
        if (plan.kind() == MethodPlan.Kind.ONE_WAY && method.getReturnType() != void.class) {
            throw mistake(method, "a @OneWay method has no result", "let it return void");
        }
        if (plan.kind() != MethodPlan.Kind.STREAM) {
            check(method, "returns", plan.result());
        }
        for (Type parameter : plan.parameters()) {
            check(method, "takes", parameter);
        }
    }

    private static boolean sameSignature(Method a, @Nullable Method b) {
        return b != null && java.util.Arrays.equals(a.getParameterTypes(), b.getParameterTypes());
    }

    private void check(Method method, String verb, Type given) {
        if (given instanceof TypeVariable<?>) {
            throw mistake(method, "it " + verb + " " + given + ", which could be any type", "use a plain type");
        } else if (given instanceof WildcardType wildcard) {
            check(method, verb, wildcard.getUpperBounds()[0]);
        } else if (given instanceof GenericArrayType array) {
            check(method, verb, array.getGenericComponentType());
        } else if (given instanceof ParameterizedType generic) {
            check(method, verb, generic.getRawType());
            for (Type argument : generic.getActualTypeArguments()) {
                check(method, verb, argument);
            }
        } else if (given instanceof Class<?> raw) {
            Class<?> element = raw;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            String instead = instead(element);
            if (instead != null) {
                throw mistake(
                        method, "it " + verb + " " + raw.getName() + ", which cannot go to another process", instead);
            }
        }
    }

    /** What to use instead of a type that cannot be carried; null for one that can. */
    private static @Nullable String instead(Class<?> type) {
        if (Duplex.class.isAssignableFrom(type) || Closeable.class.isAssignableFrom(type)) {
            return "let the method return a Duplex, and nothing around it";
        }
        if (CompletableFuture.class.isAssignableFrom(type) || Future.class.isAssignableFrom(type)) {
            return "let the method return a CompletableFuture, and nothing around it";
        }
        if (type == Class.class || Thread.class.isAssignableFrom(type) || Throwable.class.isAssignableFrom(type)) {
            return "pass its name or its message";
        }
        boolean data = Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || CharSequence.class.isAssignableFrom(type)
                || type == Iterable.class
                || type == java.nio.file.Path.class;
        if (type.isInterface() && !type.isAnnotation() && !data) {
            return "pass data: a record, a list, a map, text or a number";
        }
        return null;
    }

    private IllegalArgumentException mistake(Method method, String what, String instead) {
        return new IllegalArgumentException(
                type.getSimpleName() + "." + method.getName() + ": " + what + "; " + instead);
    }

    /** The method of this name; null when there is none. */
    @Nullable
    MethodPlan method(String name) {
        return byName.get(name);
    }

    /**
     * Lets the methods be called on a service's objects, also when their interface is not public.
     *
     * @throws IllegalArgumentException when the interface's module keeps them to itself; says what to add to it
     */
    void open() {
        for (MethodPlan plan : byName.values()) {
            Method method = plan.method();
            if (method != null && !method.trySetAccessible()) {
                throw closed(type);
            }
        }
    }

    static IllegalArgumentException closed(Class<?> type) {
        return new IllegalArgumentException("the module "
                + type.getModule().getName() + " does not let the daemon use " + type.getName() + "; add \"opens "
                + type.getPackageName() + " to "
                + InterfacePlan.class.getModule().getName()
                + ";\" to its module-info.java");
    }

    /** The names, in order, for a message. */
    String names() {
        return String.join(", ", new java.util.TreeSet<>(byName.keySet()));
    }

    /** The interface that {@code service} is a {@link Service} of, as its class declares it; null when it does not say. */
    static @Nullable Class<?> declaredBy(Class<?> service) {
        for (Class<?> c = service; c != null; c = c.getSuperclass()) {
            for (Type implemented : c.getGenericInterfaces()) {
                if (implemented instanceof ParameterizedType generic
                        && generic.getRawType() == Service.class
                        && generic.getActualTypeArguments()[0] instanceof Class<?> api) {
                    return api;
                }
            }
        }
        return null;
    }
}
