package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.rpc.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * @param identity what the hello says about this daemon
 * @param surroundings where it runs
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
        Map<String, @Nullable Object> identity,
        LaunchContext surroundings) {

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
