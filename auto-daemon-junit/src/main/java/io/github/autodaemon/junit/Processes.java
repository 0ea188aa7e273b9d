package io.github.autodaemon.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The processes at one socket. */
final class Processes {
    private static final long POLL_NANOS = 5_000_000;
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

    private Processes() {}

    /** Waits until there is none; those that are left when the time is over. */
    static List<ProcessHandle> awaitEnd(Path socket, Duration patience) {
        return await(socket, patience, process -> {});
    }

    /** Ends them, and those that one of them was just about to start. */
    static void kill(Path socket) {
        List<ProcessHandle> unkillable = await(socket, KILL_PATIENCE, ProcessHandle::destroyForcibly);
        if (!unkillable.isEmpty()) {
            throw new IllegalStateException("cannot be killed: " + unkillable);
        }
    }

    private static List<ProcessHandle> await(Path socket, Duration patience, Consumer<ProcessHandle> action) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<ProcessHandle> left = at(socket);
        while (!left.isEmpty() && System.nanoTime() - deadline < 0) {
            left.forEach(action);
            LockSupport.parkNanos(POLL_NANOS);
            left = at(socket);
        }
        return left;
    }

    /** Those with the socket's path among their arguments, as every daemon and every starter of one has. */
    private static List<ProcessHandle> at(Path socket) {
        String path = socket.toString();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(
                            process -> process.pid() != ProcessHandle.current().pid()
                                    && arguments(process).contains(path))
                    .toList();
        }
    }

    private static List<String> arguments(ProcessHandle process) {
        Path proc = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            // The handle itself knows the first 4096 bytes only, which a class path fills.
            return List.of(Files.readString(proc).split("\0", -1));
        } catch (IOException e) {
            return process.info().arguments().map(List::of).orElse(List.of());
        }
    }
}
