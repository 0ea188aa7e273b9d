package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.Program;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.Service;
import io.github.autodaemon.internal.call.Codecs;
import io.github.autodaemon.internal.call.InterfacePlan;
import io.github.autodaemon.internal.call.MethodPlan;
import io.github.autodaemon.internal.config.DaemonConfig;
import io.github.autodaemon.internal.fs.SocketPath;
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
            DaemonConfig config, SocketPath socket, LaunchContext context, long patienceNanos, Runnable beforeItListens)
            throws Exception {
        return listen(null, config, socket, context, patienceNanos, beforeItListens);
    }

    static ServiceServer listen(
            @Nullable ServiceServer made,
            DaemonConfig config,
            SocketPath socket,
            LaunchContext context,
            long patienceNanos,
            Runnable beforeItListens)
            throws Exception {
        Address address = Address.reserve(socket, patienceNanos);
        boolean serves = false;
        try {
            ServiceServer server = made == null ? make(config, socket, context) : made;
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

    private static Class<?> serviceType(DaemonConfig config) throws Exception {
        Class<?> type = Class.forName(String.valueOf(config.service()));
        if (!Service.class.isAssignableFrom(type) && !Program.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(type.getName() + " implements neither " + Service.class.getName()
                    + " nor " + Program.class.getName());
        }
        return type;
    }

    static ServiceServer make(DaemonConfig config, SocketPath socket, LaunchContext context) throws Exception {
        Class<?> type = serviceType(config);
        InterfacePlan plan = plan(config, type);
        return ServiceServer.of(instantiate(type), plan, config, socket, context);
    }

    private static InterfacePlan plan(DaemonConfig config, Class<?> type) throws Exception {
        String declared = config.api();
        Class<?> api = declared == null ? InterfacePlan.declaredBy(type) : Class.forName(declared);
        if ((api == null || api == Rpc.class) && Program.class.isAssignableFrom(type)) {
            return InterfacePlan.NONE;
        }
        if (api == null) {
            throw new IllegalArgumentException(type.getName()
                    + " does not say which interface it serves; let it implement Service<YourInterface>");
        }
        return InterfacePlan.of(api).with(Codecs.named(config.codecs()));
    }

    public static Object instantiate(Class<?> type) throws Exception {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            if (!constructor.trySetAccessible()) {
                throw MethodPlan.closed(type);
            }
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(
                    type.getName() + " has no constructor without parameters, which the daemon needs", e);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            throw thrown instanceof Exception exception ? exception : e;
        }
    }

    /** Loads the classes of the service, and makes no service. */
    static void prepare(DaemonConfig config) throws Exception {
        InterfacePlan unused = plan(config, serviceType(config));
    }
}
