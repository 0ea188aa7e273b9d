package io.github.autodaemon.internal.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plan of a record as a JSON object, made once for each class. */
final class RecordPlan {
    private static final ClassValue<RecordPlan> PLANS = new ClassValue<>() {
        @Override
        protected RecordPlan computeValue(Class<?> type) {
            return new RecordPlan(type);
        }
    };

    private final Class<?> type;
    private final String[] names;
    private final Type[] types;
    private final Method[] accessors;
    private final Constructor<?> constructor;

    private RecordPlan(Class<?> type) {
        this.type = type;
        RecordComponent[] components = type.getRecordComponents();
        names = new String[components.length];
        types = new Type[components.length];
        accessors = new Method[components.length];
        Class<?>[] parameters = new Class<?>[components.length];
        boolean open = true;
        for (int i = 0; i < components.length; i++) {
            names[i] = components[i].getName();
            types[i] = components[i].getGenericType();
            accessors[i] = components[i].getAccessor();
            parameters[i] = components[i].getType();
            open &= accessors[i].trySetAccessible();
        }
        try {
            constructor = type.getDeclaredConstructor(parameters);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(type.getName() + " cannot be carried: " + e.getMessage(), e);
        }
        if (!open || !constructor.trySetAccessible()) {
            throw closed(type);
        }
    }

    static RecordPlan of(Class<?> type) {
        return PLANS.get(type);
    }

    static IllegalArgumentException closed(Class<?> type) {
        return new IllegalArgumentException(type.getName() + " cannot be carried: the module "
                + type.getModule().getName() + " keeps it to itself; add \"opens " + type.getPackageName() + " to "
                + RecordPlan.class.getModule().getName() + ";\" to its module-info.java");
    }

    void write(StringBuilder out, Object record, int depth, Mapper mapper) {
        JsonWriter.checkDepth(depth);
        out.append('{');
        for (int i = 0; i < names.length; i++) {
            JsonWriter.name(out, names[i], i > 0);
            try {
                JsonWriter.write(out, accessors[i].invoke(record), depth + 1, mapper);
            } catch (IllegalArgumentException e) {
                throw MappingException.in(type, names[i], e);
            } catch (InvocationTargetException e) {
                throw MappingException.in(type, names[i], new IllegalArgumentException(threw(e), e.getCause()));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        out.append('}');
    }

    Object read(@Nullable Object plain, Type target, Converter converter) {
        if (!(plain instanceof Map<?, ?> members)) {
            throw MappingException.of(plain, target, null);
        }
        Map<TypeVariable<?>, Type> binding = Types.binding(target);
        @Nullable Object[] given = new Object[names.length];
        for (int i = 0; i < names.length; i++) {
            Object member = members.get(names[i]);
            if (member == null && accessors[i].getReturnType().isPrimitive() && !members.containsKey(names[i])) {
                throw MappingException.because(plain, target, ": " + names[i] + " is missing", null);
            }
            Type wanted = types[i] instanceof Class<?> ? types[i] : Types.resolve(types[i], binding);
            try {
                given[i] = converter.convert(member, wanted);
            } catch (IllegalArgumentException e) {
                throw MappingException.in(type, names[i], e);
            }
        }
        try {
            return constructor.newInstance(given);
        } catch (InvocationTargetException e) {
            throw MappingException.because(plain, target, ": " + threw(e), e.getCause());
        } catch (IllegalArgumentException | InstantiationException e) {
            throw MappingException.of(plain, target, e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The thrown exception in words, for the message. Errors that do not concern this value are rethrown. */
    static String threw(InvocationTargetException e) {
        Throwable thrown = e.getCause();
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown == null ? "null" : Thrown.message(thrown);
    }
}
