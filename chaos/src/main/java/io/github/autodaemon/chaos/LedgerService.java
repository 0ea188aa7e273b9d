package io.github.autodaemon.chaos;

import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The service: {@code call ID PID N} for each call, {@code open PID} before the first client, {@code close PID}. */
final class LedgerService implements Service<Ledger>, Program {
    private final long pid = ProcessHandle.current().pid();
    private @Nullable Lines ledger;
    private long calls;

    LedgerService() {}

    @Override
    public Ledger connected(Client client) throws IOException {
        open(Path.of(client.args().get(1)), Boolean.parseBoolean(client.args().get(2)));
        return new Entries(client);
    }

    /** Half of the commands wait for their turn. */
    @Override
    public synchronized boolean isSerial() {
        return calls % 2 == 1;
    }

    /** One call of an order. */
    @Override
    public int run(Invocation in) throws IOException {
        Order order = Order.parse(in.args().get(0));
        open(order.setting().ledger(), order.setting().exclusive());
        if (order.leave()) {
            in.server().close();
        }
        long n = writeSlowly(order.call(), order.slowMillis());
        in.out().println(n + " " + (in.args().size() > 1 ? in.args().get(1) : Recorder.FRONT));
        return 0;
    }

    /**
     * An exclusive daemon is the only one. A predecessor that was killed has no {@code close}; its locks are released
     * after its memory, and with it its command line, is gone, so one whose command line can be read still had them.
     */
    private synchronized void open(Path file, boolean exclusive) throws IOException {
        if (ledger != null) {
            return;
        }
        Lines lines = new Lines(file);
        ledger = lines;
        if (exclusive) {
            Set<String> open = new LinkedHashSet<>();
            for (String line : new Tail(file).news()) {
                if (line.startsWith("open ")) {
                    open.add(line.substring("open ".length()));
                } else if (line.startsWith("close ")) {
                    open.remove(line.substring("close ".length()));
                }
            }
            for (String other : open) {
                if (isDaemon(other)) {
                    lines.add("overlap " + other + " " + pid);
                }
            }
        }
        lines.add("open " + pid);
    }

    private static boolean isDaemon(String pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains(Processes.DAEMON_MAIN);
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized long write(String id) {
        Lines lines = ledger;
        if (lines == null) {
            throw new IllegalStateException("a call before a connection");
        }
        calls++;
        try {
            lines.add("call " + id + " " + pid + " " + calls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return calls;
    }

    private long writeSlowly(String id, int millis) {
        Waiting.pause(millis / 2);
        long n = write(id);
        Waiting.pause(millis / 2);
        return n;
    }

    @Override
    public synchronized void close() throws IOException {
        Lines lines = ledger;
        if (lines != null) {
            lines.add("close " + pid);
        }
    }

    private final class Entries implements Ledger {
        private final Client client;

        Entries(Client client) {
            this.client = client;
        }

        @Override
        public long record(String id) {
            return write(id);
        }

        @Override
        public long recordSlowly(String id, int millis) {
            return writeSlowly(id, millis);
        }

        @Override
        public CompletableFuture<Long> recordLater(String id) {
            CompletableFuture<Long> later = new CompletableFuture<>();
            client.turn().execute(() -> later.complete(write(id)));
            return later;
        }

        @Override
        public Duplex echo() {
            return Duplex.serve(stream -> {
                long copied = stream.input().transferTo(stream.output());
                assert copied >= 0;
            });
        }

        @Override
        public void leave() {
            client.server().close();
        }
    }
}
