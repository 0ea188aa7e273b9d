package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.fs.ProcessIdentity;
import io.github.autodaemon.internal.fs.Token;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Limits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The status of a daemon. Made without a session's lock held, since this takes the lock of each session in turn. */
final class StatusReport {
    private StatusReport() {}

    static Map<String, @Nullable Object> of(ServerParts server, Map<String, @Nullable Object> identity, long since) {
        Lifecycle.Usage usage = server.lifecycle().usage();
        LaunchContext context = server.context();
        Reason leaving = usage.reason();
        Map<String, @Nullable Object> status = new LinkedHashMap<>(identity);
        status.put("state", usage.state().name().toLowerCase(Locale.ROOT));
        status.put("leaving", leaving == null ? null : leaving.text());
        status.put("since", since);
        status.put("why", context.why());
        status.put("by", context.by());
        status.put("references", usage.references());
        server.sessions().describe(status);
        status.put("idleMillis", TimeUnit.NANOSECONDS.toMillis(usage.idleNanos()));
        status.put("leavesInMillis", usage.leavesIn() < 0 ? null : TimeUnit.NANOSECONDS.toMillis(usage.leavesIn()));
        server.tally().describe(status);
        Runtime runtime = Runtime.getRuntime();
        status.put("heap", runtime.totalMemory() - runtime.freeMemory());
        status.put("maxHeap", runtime.maxMemory());
        status.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
        status.put("javaHome", System.getProperty("java.home"));
        List<Map<String, @Nullable Object>> connections = new ArrayList<>();
        for (ServedClient session : server.sessions().all()) {
            if (session.isClient() || session.isStuck()) {
                connections.add(session.describe());
            }
        }
        status.put("connections", connections);
        return status;
    }

    /** The identity of a server, as its hello says. */
    static Map<String, @Nullable Object> identity(
            Map<String, @Nullable Object> service, Limits limits, LaunchContext context) {
        Map<String, @Nullable Object> identity = new LinkedHashMap<>(service);
        ProcessIdentity self = ProcessIdentity.current();
        identity.put("pid", self.pid());
        identity.put("started", self.started());
        identity.put("id", Token.next());
        Hello.say(limits, identity);
        String digest = context.digest();
        if (digest != null) {
            identity.put("fingerprint", digest);
        }
        if (!context.isSpawned()) {
            identity.put("foreground", true);
        }
        return identity;
    }
}
