package io.github.autodaemon.chaos;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The clients' books against the service's: an acknowledged call is in the ledger once, with the answer the client got;
 * one that the client was told has not run is not in it; any other at most once.
 */
final class Accounts {
    /** What a client knows of a call. */
    private enum Fate {
        SENT,
        ACKED,
        MAY_HAVE_RUN,
        NOT_RUN
    }

    private record Call(Fate fate, String answer) {}

    private final Map<String, Call> calls = new HashMap<>();
    private final Map<String, String> ledger = new HashMap<>();
    private final Map<String, Call> unchecked = new HashMap<>();

    void sent(String id) {
        if (calls.putIfAbsent(id, new Call(Fate.SENT, "")) != null) {
            throw new Violation("the call " + id + " was sent twice");
        }
    }

    void acked(String id, String answer) {
        ended(id, new Call(Fate.ACKED, answer));
    }

    void lost(String id, boolean mayHaveRun) {
        ended(id, new Call(mayHaveRun ? Fate.MAY_HAVE_RUN : Fate.NOT_RUN, ""));
    }

    private void ended(String id, Call call) {
        Call before = calls.put(id, call);
        if (before == null || before.fate() != Fate.SENT) {
            throw new Violation("the call " + id + " ended twice, or before it was sent: " + before + ", " + call);
        }
        unchecked.put(id, call);
    }

    /** A line {@code call ID PID N} of the ledger. */
    void ran(String id, String pid, String n) {
        String before = ledger.put(id, n);
        if (before != null) {
            throw new Violation("the call " + id + " ran twice, the second time in the daemon " + pid);
        }
        Call call = calls.get(id);
        if (call != null && call.fate() == Fate.NOT_RUN) {
            throw new Violation("the call " + id + " ran in the daemon " + pid + "; its client was told it had not");
        }
    }

    /** The journals were read before the ledger, so what they say has happened is in it. */
    void check() {
        for (Map.Entry<String, Call> entry : unchecked.entrySet()) {
            check(entry.getKey(), entry.getValue());
        }
        unchecked.clear();
    }

    private void check(String id, Call call) {
        @Nullable String n = ledger.get(id);
        if (call.fate() == Fate.ACKED && n == null) {
            throw new Violation("the call " + id + " was acknowledged and is not in the ledger");
        }
        if (call.fate() == Fate.ACKED && !call.answer().equals(n)) {
            throw new Violation("the call " + id + " got the answer " + call.answer() + ", the ledger has " + n);
        }
        if (call.fate() == Fate.NOT_RUN && n != null) {
            throw new Violation("the call " + id + " ran; its client was told it had not");
        }
    }

    /** All processes have ended, so the journals are complete. */
    void checkAll() {
        check();
        TreeSet<String> unknown = new TreeSet<>(ledger.keySet());
        unknown.removeAll(calls.keySet());
        if (!unknown.isEmpty()) {
            throw new Violation("calls ran that nobody sent: " + unknown);
        }
    }
}
