package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.rpc.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a server behaves.
 *
 * @param autoClose whether it leaves when no reference is held
 * @param linger nanoseconds to wait before it does
 * @param idle nanoseconds without a user after which it leaves; 0 for never
 * @param exclusive whether the address lock is kept until the process is done, so that no successor starts before
 * @param concurrency how many calls run at once
 * @param errorFirst whether npm clients get {@code (error, value)}
 * @param allowRoot whether the superuser may connect
 * @param limits what a client may make it hold
 * @param firstMessage nanoseconds a client may take from the first byte of its first message to the last
 * @param origin who started it, and why
 * @param identity what the hello says about this daemon
 * @param fingerprint the details behind the identity, for a client that sees a difference
 * @param log takes one line about something worth knowing
 * @param departing told when it begins to leave in a way that must end within a bound
 * @param upkeep run about once a second while it serves
 */
public record ServerSettings(
        boolean autoClose,
        long linger,
        long idle,
        boolean exclusive,
        int concurrency,
        boolean errorFirst,
        boolean allowRoot,
        Limits limits,
        long firstMessage,
        Origin origin,
        Map<String, @Nullable Object> identity,
        Map<String, @Nullable Object> fingerprint,
        Consumer<String> log,
        Consumer<Reason> departing,
        Runnable upkeep) {
    /**
     * Where a server comes from.
     *
     * @param pid of the client that started it; 0 for a server in the foreground of a program
     * @param why in words
     */
    public record Origin(long pid, String why) {
        /** A server that a program runs itself. */
        public static final Origin FOREGROUND = new Origin(0, "in the foreground");
    }

    List<Expiry> expiries() {
        List<Expiry> expiries = new ArrayList<>();
        if (autoClose) {
            expiries.add(Expiry.unreferenced(linger));
        }
        if (idle > 0) {
            expiries.add(Expiry.idle(idle));
        }
        return expiries;
    }
}
