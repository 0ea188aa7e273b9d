package io.github.autodaemon.cli;

import io.github.autodaemon.DaemonStatus;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.DaemonEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A daemon as a JSON object; docs/autod.md says what the fields mean, and that they stay. */
final class DaemonJson {
    private DaemonJson() {}

    static Map<String, @Nullable Object> of(Daemon daemon) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("name", daemon.name());
        map.put("socket", daemon.socket().toString());
        map.put("state", daemon.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        map.put("note", daemon.note());
        map.put("pid", daemon.pid().isPresent() ? daemon.pid().getAsLong() : null);
        map.put("since", daemon.since().map(Object::toString).orElse(null));
        map.put("memory", daemon.memory().isPresent() ? daemon.memory().getAsLong() : null);
        map.put("version", daemon.version().isEmpty() ? null : daemon.version());
        map.put("service", daemon.service().isEmpty() ? null : daemon.service());
        map.put("log", daemon.log().toString());
        map.put("leftovers", daemon.leftovers().stream().map(Path::toString).toList());
        map.put("status", daemon.status().map(DaemonJson::status).orElse(null));
        return map;
    }

    private static Map<String, @Nullable Object> status(DaemonStatus status) {
        DaemonStatus.Details details = status.details();
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("args", status.args());
        map.put("why", status.why());
        map.put("startedBy", details.startedBy());
        map.put("leaving", status.leaving().orElse(null));
        map.put("clients", status.clients());
        map.put("references", status.references());
        map.put("waiting", status.waiting());
        map.put("calls", status.calls());
        map.put("streams", status.streams());
        map.put("answered", details.answered());
        map.put("answerMillis", details.answerTime().toMillis());
        map.put("idleMillis", status.idle().toMillis());
        map.put(
                "leavesInMillis",
                details.leavesIn().map(time -> (Object) time.toMillis()).orElse(null));
        map.put("heap", details.heap());
        map.put("maxHeap", details.maxHeap());
        map.put("jvm", details.jvm());
        map.put("javaHome", details.javaHome());
        List<Map<String, @Nullable Object>> connections = new ArrayList<>();
        for (DaemonStatus.ConnectionStatus connection : details.connections()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("pid", connection.pid() == 0 ? null : connection.pid());
            one.put("ageMillis", connection.age().toMillis());
            List<Map<String, @Nullable Object>> doing = new ArrayList<>();
            for (DaemonStatus.Activity activity : connection.doing()) {
                Map<String, @Nullable Object> what = new LinkedHashMap<>();
                what.put("method", activity.method());
                what.put("doing", activity.state());
                what.put("ageMillis", activity.age().toMillis());
                doing.add(what);
            }
            one.put("activities", doing);
            connections.add(one);
        }
        map.put("connections", connections);
        return map;
    }

    static Map<String, @Nullable Object> event(DaemonEvent event) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("at", event.at().toString());
        map.put("event", event.started() ? "started" : "left");
        map.put("pid", event.pid());
        map.put("reason", event.why());
        map.put("by", event.by().isEmpty() ? null : event.by());
        map.put("version", event.version().isEmpty() ? null : event.version());
        return map;
    }
}
