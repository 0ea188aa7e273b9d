package io.github.autodaemon.internal.json;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Generic types and the bindings of their variables. */
public final class Types {
    private static final Map<TypeVariable<?>, Type> NONE = Map.of();

    private Types() {}

    /** The class of a type; for an unbound variable, the class of its bound. */
    static Class<?> raw(Type type) {
        if (type instanceof Class<?> raw) {
            return raw;
        }
        if (type instanceof ParameterizedType generic) {
            return raw(generic.getRawType());
        }
        if (type instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof WildcardType wildcard) {
            return raw(wildcard.getUpperBounds()[0]);
        }
        return type instanceof TypeVariable<?> variable ? raw(variable.getBounds()[0]) : Object.class;
    }

    /** True if a class is of the JDK. */
    public static boolean isJdk(Class<?> type) {
        String module = type.getModule().getName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    /** The bindings of the variables of a type's class; empty when the type has none. */
    static Map<TypeVariable<?>, Type> binding(Type type) {
        if (!(type instanceof ParameterizedType generic)) {
            return NONE;
        }
        TypeVariable<?>[] variables = raw(generic).getTypeParameters();
        Type[] arguments = generic.getActualTypeArguments();
        Map<TypeVariable<?>, Type> binding = new HashMap<>();
        for (int i = 0; i < variables.length; i++) {
            binding.put(variables[i], arguments[i]);
        }
        return binding;
    }

    /** A type without variables. An unbound variable becomes its bound's class. */
    static Type resolve(Type type, Map<TypeVariable<?>, Type> binding) {
        if (type instanceof TypeVariable<?> variable) {
            Type bound = binding.get(variable);
            return bound == null ? raw(variable) : bound;
        }
        if (type instanceof WildcardType wildcard) {
            return resolve(wildcard.getUpperBounds()[0], binding);
        }
        if (type instanceof GenericArrayType array) {
            Type component = resolve(array.getGenericComponentType(), binding);
            return component instanceof Class<?> raw ? raw.arrayType() : new ArrayOf(component);
        }
        if (type instanceof ParameterizedType generic) {
            List<Type> arguments = new ArrayList<>();
            for (Type argument : generic.getActualTypeArguments()) {
                arguments.add(resolve(argument, binding));
            }
            return new Generic(raw(generic), arguments);
        }
        return type;
    }

    /**
     * The type argument for a variable of a supertype: the element of a collection, the key of a map. {@code Object}
     * when there is none.
     */
    static Type argument(Type type, Class<?> supertype, int index) {
        Class<?> raw = raw(type);
        if (raw == supertype) {
            return type instanceof ParameterizedType generic
                    ? resolve(generic.getActualTypeArguments()[index], NONE)
                    : Object.class;
        }
        if (type instanceof ParameterizedType generic && isJdk(raw)) {
            // As in every collection and map of the JDK.
            Type[] arguments = generic.getActualTypeArguments();
            if (arguments.length == supertype.getTypeParameters().length) {
                return resolve(arguments[index], NONE);
            }
        }
        Map<TypeVariable<?>, Type> binding = binding(type);
        for (Type implemented : raw.getGenericInterfaces()) {
            if (supertype.isAssignableFrom(raw(implemented))) {
                return argument(resolve(implemented, binding), supertype, index);
            }
        }
        Type parent = raw.getGenericSuperclass();
        return parent == null ? Object.class : argument(resolve(parent, binding), supertype, index);
    }

    /** A generic class with its arguments. */
    private record Generic(Class<?> raw, List<Type> arguments) implements ParameterizedType {
        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(new Type[0]);
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return raw.getDeclaringClass();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(raw.getName());
            String separator = "<";
            for (Type argument : arguments) {
                text.append(separator).append(argument.getTypeName());
                separator = ", ";
            }
            return text.append('>').toString();
        }
    }

    /** An array of a generic type. */
    private record ArrayOf(Type component) implements GenericArrayType {
        @Override
        public Type getGenericComponentType() {
            return component;
        }

        @Override
        public String toString() {
            return component.getTypeName() + "[]";
        }
    }
}
