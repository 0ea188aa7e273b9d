package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.Service;
import io.github.autodaemon.internal.call.Codecs;
import io.github.autodaemon.internal.call.InterfacePlan;
import io.github.autodaemon.internal.call.MethodPlan;
import io.github.autodaemon.internal.fs.SocketPath;
import io.github.autodaemon.internal.launch.Description;
import io.github.autodaemon.internal.server.Address;
import io.github.autodaemon.internal.server.LaunchContext;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** Makes the service that a description names, and its server. */
public final class ServiceFactory {
    private ServiceFactory() {}

    /** Takes the address lock, makes the service, and listens. */
    static ServiceServer listen(
            Description description,
            SocketPath socket,
            LaunchContext surroundings,
            long patienceNanos,
            Runnable beforeItListens)
            throws Exception {
        return listen(null, description, socket, surroundings, patienceNanos, beforeItListens);
    }

    static ServiceServer listen(
            @Nullable ServiceServer made,
            Description description,
            SocketPath socket,
            LaunchContext surroundings,
            long patienceNanos,
            Runnable beforeItListens)
            throws Exception {
        Address address = Address.reserve(socket, patienceNanos);
        boolean serves = false;
        try {
            ServiceServer server = made == null ? make(description, socket, surroundings) : made;
            beforeItListens.run();
            server.listen(address);
            serves = true;
            return server;
        } finally {
            if (!serves) {
                address.close();
            }
        }
    }

    private static Class<?> serviceType(Description description) throws Exception {
        Class<?> type = Class.forName(description.service());
        if (!Service.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(type.getName() + " does not implement " + Service.class.getName());
        }
        return type;
    }

    static ServiceServer make(Description description, SocketPath socket, LaunchContext surroundings) throws Exception {
        Class<?> type = serviceType(description);
        InterfacePlan plan = plan(description, type);
        return ServiceServer.of(instantiate(type), plan, description, socket, surroundings);
    }

    private static InterfacePlan plan(Description description, Class<?> type) throws Exception {
        String declared = description.api();
        Class<?> api = declared == null ? InterfacePlan.declaredBy(type) : Class.forName(declared);
        if (api == null) {
            throw new IllegalArgumentException(type.getName()
                    + " does not say which interface it serves; let it implement Service<YourInterface>");
        }
        return InterfacePlan.of(api).with(Codecs.named(description.codecs()));
    }

    public static Service<?> instantiate(Class<?> type) throws Exception {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            if (!constructor.trySetAccessible()) {
                throw MethodPlan.closed(type);
            }
            return (Service<?>) constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    type.getName() + " has no constructor without parameters, which the daemon needs", e);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            throw thrown instanceof Exception exception ? exception : e;
        }
    }

    /** Loads what the service is made of, and makes none. */
    static void prepare(Description description) throws Exception {
        InterfacePlan unused = plan(description, serviceType(description));
    }
}
