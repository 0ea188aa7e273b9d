package io.github.autodaemon.internal.server;

import io.github.autodaemon.internal.rpc.Limits;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a server behaves.
 *
 * @param autoClose whether it leaves when no reference is held
 * @param linger nanoseconds to wait before it does
 * @param exclusive whether the address lock is kept until the process is done, so that no successor starts before
 * @param concurrency how many calls run at once
 * @param errorFirst whether npm clients get {@code (error, value)}
 * @param limits what a client may make it hold
 * @param identity what the hello says about this daemon
 * @param log takes one line about something worth knowing
 */
public record ServerSettings(
        boolean autoClose,
        long linger,
        boolean exclusive,
        int concurrency,
        boolean errorFirst,
        Limits limits,
        Map<String, @Nullable Object> identity,
        Consumer<String> log) {}
