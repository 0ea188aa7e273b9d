package io.github.autodaemon.internal.daemon;

import io.github.autodaemon.Client;
import io.github.autodaemon.Program;
import io.github.autodaemon.Server;
import io.github.autodaemon.Service;
import io.github.autodaemon.internal.call.InterfacePlan;
import io.github.autodaemon.internal.call.TypedCalls;
import io.github.autodaemon.internal.net.ByteStream;
import io.github.autodaemon.internal.rpc.ClientCalls;
import io.github.autodaemon.internal.rpc.Request;
import io.github.autodaemon.internal.server.ClientConnection;
import io.github.autodaemon.internal.server.ServiceAdapter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service, ready to be served. */
final class ServiceHost implements ServiceAdapter {
    private final Service<?> service;
    private final @Nullable Program program;
    private final InterfacePlan plan;
    private final List<String> args;
    private final Server server;

    /** {@code service} is a {@link Service}, a {@link Program}, or both. */
    ServiceHost(Object service, InterfacePlan plan, List<String> args, Server server) {
        this.program = service instanceof Program commands ? commands : null;
        this.service = service instanceof Service<?> methods ? methods : new NoService(service);
        this.plan = plan;
        this.args = args;
        this.server = server;
    }

    /** A program that is no service: no methods. */
    private record NoService(Object program) implements Service<Object> {
        @Override
        public Object connected(Client client) {
            return program;
        }

        @Override
        public void close() throws Exception {
            if (program instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    @Override
    public ClientCalls connected(ClientConnection session) throws Exception {
        ServiceClient client = new ServiceClient(session, server, args);
        Object api;
        try {
            api = service.connected(client);
        } catch (Throwable t) {
            client.gone();
            throw t;
        }
        if (api == null) {
            throw new IllegalStateException(service.getClass().getName() + ".connected returned null");
        }
        TypedCalls calls = new TypedCalls(plan, api, session.limits(), session.cancellations());
        return new ClientCalls() {
            @Override
            public void call(Request request) throws Exception {
                calls.call(request);
            }

            @Override
            public StreamTask stream(String method, List<@Nullable Object> given, ByteStream stream) throws Exception {
                return calls.stream(method, given, stream);
            }

            @Override
            public boolean isCall(String method) {
                return calls.takesOrGivesSequence(method);
            }

            @Override
            public void closed() {
                client.gone();
            }
        };
    }

    @Override
    public @Nullable Program program() {
        return program;
    }

    @Override
    public Server server() {
        return server;
    }

    @Override
    public void close() throws Exception {
        service.close();
    }
}
