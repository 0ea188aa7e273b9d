package io.github.autodaemon.junit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a test has left behind, in words. */
final class Leaks {
    private final List<String> found = new ArrayList<>();

    void add(Usage usage) {
        add(
                usage.streams(),
                "stream is still open",
                "streams are still open",
                "close every Duplex that a call has returned, and let the service's handler return when its input"
                        + " ends");
        add(
                usage.calls() + usage.waiting(),
                "call still runs",
                "calls still run",
                "wait for the result in the test, and let the service return or complete its future");
        add(
                usage.references(),
                "reference is still held",
                "references are still held",
                "let the service close what Client.ref() gave it, in Client.onClose(...) at the latest");
        add(
                usage.connections(),
                "connection is still open",
                "connections are still open",
                "close what was not made by the extension's connect(), whose connections are closed for you");
    }

    private void add(int count, String one, String many, String advice) {
        if (count > 0) {
            add(count + " " + (count == 1 ? one : many) + ": " + advice);
        }
    }

    void addRetired(List<ProcessHandle> daemons) {
        add(
                daemons.size(),
                "daemon was told to leave and still runs, " + pids(daemons),
                "daemons were told to leave and still run, " + pids(daemons),
                "end the service's threads in Service.close(), or set exitOnClose(true)");
    }

    void addUnwanted(List<ProcessHandle> daemons) {
        add(
                daemons.size(),
                "daemon runs at the socket of a service that is in process, " + pids(daemons),
                "daemons run at the socket of a service that is in process, " + pids(daemons),
                "give the extension's description() to the program under test, or use inDaemon(...)");
    }

    private static String pids(List<ProcessHandle> daemons) {
        List<String> pids =
                daemons.stream().map(daemon -> Long.toString(daemon.pid())).toList();
        return (pids.size() == 1 ? "pid " : "pids ") + String.join(", ", pids) + " (killed now)";
    }

    void add(String what) {
        found.add(what);
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    LeakError error(String service, Duration patience, String when) {
        String time = patience.toMillis() % 1000 == 0 ? patience.toSeconds() + " s" : patience.toMillis() + " ms";
        return new LeakError("left behind with " + service + ", " + time + " after " + when + " had ended:\n- "
                + String.join("\n- ", found));
    }
}
