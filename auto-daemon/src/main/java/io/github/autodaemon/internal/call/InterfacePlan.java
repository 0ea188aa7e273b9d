package io.github.autodaemon.internal.call;

import io.github.autodaemon.Rpc;
import io.github.autodaemon.Sequence;
import io.github.autodaemon.Service;
import io.github.autodaemon.internal.json.TypeValidation;
import io.github.autodaemon.internal.json.Values;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of a service's interface. Making one checks the interface, so that no mistake waits for the first call. */
public final class InterfacePlan {
    /** No methods: the methods of a dynamic description are in no interface. */
    public static final InterfacePlan NONE = new InterfacePlan(Rpc.class, Map.of(), Values.PLAIN);

    private final Class<?> type;
    private final Map<String, MethodPlan> byName;
    private final Values values;

    private InterfacePlan(Class<?> type, Map<String, MethodPlan> byName, Values values) {
        this.type = type;
        this.byName = byName;
        this.values = values;
    }

    /**
     * The plan of an interface. {@link #with} checks whether the arguments and results of its methods can be carried,
     * which codecs may decide.
     *
     * @throws IllegalArgumentException when the interface cannot be called from another process; names the method and
     *     says what to do instead
     */
    public static InterfacePlan of(Class<?> type) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(
                    type.getName() + " is not an interface; clients call a service through an interface");
        }
        InterfacePlan plan = new InterfacePlan(type, new HashMap<>(), Values.PLAIN);
        for (Method method : type.getMethods()) {
            // A default method runs on the caller's side, on top of the abstract methods.
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
        // No stream: each command comes through here, and the first stream costs milliseconds.
        int sequences = 0;
        for (Class<?> taken : method.getParameterTypes()) {
            sequences += taken == Sequence.class ? 1 : 0;
        }
        if (sequences > 1) {
            throw mistake(method, "it takes " + sequences + " sequences", "let it take one");
        }
        if (sequences == 1 && plan.kind() != MethodPlan.Kind.SEQUENCE) {
            throw mistake(method, "it takes a Sequence and does not wait", "let it return a value or a Sequence");
        }
    }

    private static boolean sameSignature(Method a, @Nullable Method b) {
        return b != null && Arrays.equals(a.getParameterTypes(), b.getParameterTypes());
    }

    /**
     * The same plan with codecs. Checks that all arguments and results of the methods can be carried.
     *
     * @throws IllegalArgumentException when a type cannot be carried; names the method and the type, and says what to
     *     do instead
     */
    public InterfacePlan with(@Nullable Codecs codecs) {
        InterfacePlan plan = codecs == null ? this : new InterfacePlan(type, byName, codecs.values());
        TypeValidation carriage = null;
        for (MethodPlan method : byName.values()) {
            Method declared = method.method();
            List<Type> types = new ArrayList<>();
            for (int i = 0; i < method.parameters().size(); i++) {
                types.add(method.item(i));
            }
            if (method.kind() != MethodPlan.Kind.STREAM) {
                types.add(method.result());
            }
            for (int i = 0; i < types.size(); i++) {
                Type given = types.get(i);
                // A command does not load classes that it does not need.
                if (declared != null
                        && given != String.class
                        && !(given instanceof Class<?> raw && raw.isPrimitive())) {
                    carriage = carriage == null ? new TypeValidation(plan.values) : carriage;
                    TypeValidation.Refusal refusal = carriage.refusal(given);
                    if (refusal != null) {
                        throw plan.mistake(declared, i < method.parameters().size() ? "takes" : "returns", refusal);
                    }
                }
            }
        }
        return plan;
    }

    private IllegalArgumentException mistake(Method method, String verb, TypeValidation.Refusal refusal) {
        return mistake(
                method,
                "it " + verb + " " + refusal.type() + refusal.place() + ", " + refusal.why(),
                refusal.instead());
    }

    private IllegalArgumentException mistake(Method method, String what, String instead) {
        return new IllegalArgumentException(
                type.getSimpleName() + "." + method.getName() + ": " + what + "; " + instead);
    }

    /** Converts the arguments and results of the methods. */
    Values values() {
        return values;
    }

    /** The method of this name; null when there is none. */
    @Nullable
    MethodPlan method(String name) {
        return byName.get(name);
    }

    /**
     * Makes the methods callable on a service's objects, even when their interface is not public.
     *
     * @throws IllegalArgumentException when the interface's module does not open them; says what to add to the module
     */
    public void open() {
        for (MethodPlan plan : byName.values()) {
            Method method = plan.method();
            if (method != null && !method.trySetAccessible()) {
                throw MethodPlan.closed(type);
            }
        }
    }

    /** The method names in order, for a message. */
    String names() {
        List<String> names = new ArrayList<>();
        for (MethodPlan method : byName.values()) {
            names.add(method.isStream() ? method.name() + ":s" : method.name());
        }
        Collections.sort(names);
        return String.join(", ", names);
    }

    /**
     * The interface that {@code service} is a {@link Service} of, as its class declares it; null when the class does
     * not.
     */
    public static @Nullable Class<?> declaredBy(Class<?> service) {
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
