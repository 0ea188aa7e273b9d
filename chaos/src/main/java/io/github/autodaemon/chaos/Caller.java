package io.github.autodaemon.chaos;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import io.github.autodaemon.ConnectionLostException;
import io.github.autodaemon.Duplex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletionException;

/**
 * One client at work. What it does and what it hears goes to its journal, before and after; times are
 * {@link System#nanoTime}, which on Linux is one clock for all processes.
 */
final class Caller implements Runnable {
    private final Order order;
    private final Lines journal;

    Caller(Order order, Lines journal) {
        this.order = order;
        this.journal = journal;
    }

    @Override
    public void run() {
        try {
            note("connecting " + order.id() + " " + System.nanoTime());
            Connection<Ledger> connection;
            try {
                connection = order.setting()
                        .daemon(order.version(), order.timeoutMillis())
                        .connect();
            } catch (AutoDaemonException e) {
                note("refused " + order.id() + " " + System.nanoTime() + " " + named(e));
                return;
            }
            note("connected " + order.id() + " " + System.nanoTime() + " "
                    + connection.pid().orElse(0) + " " + connection.socket().getFileName());
            try (connection) {
                use(connection);
            }
            note("done " + order.id() + " " + System.nanoTime());
        } catch (RuntimeException | Error e) {
            note("broken " + order.id() + " " + System.nanoTime() + " " + e);
            throw e;
        } finally {
            journal.close();
        }
    }

    private void use(Connection<Ledger> connection) {
        boolean open = true;
        for (int i = 0; open && i < order.calls(); i++) {
            open = call(connection.rpc(), order.id() + "." + i, i);
            Waiting.pause(order.pauseMillis());
        }
        if (open && order.streamBytes() > 0) {
            echo(connection.rpc());
        }
        if (open && order.leave()) {
            try {
                connection.rpc().leave();
            } catch (ConnectionLostException e) {
                note("parted " + order.id() + " " + System.nanoTime() + " " + e.getMessage());
            } catch (AutoDaemonException e) {
                note((Thread.interrupted() ? "parted " : "failed ") + order.id() + " " + System.nanoTime() + " "
                        + named(e));
            }
        }
    }

    private boolean call(Ledger ledger, String id, int i) {
        note("sent " + id + " " + order.id() + " " + System.nanoTime());
        try {
            note("acked " + id + " " + answer(ledger, id, i));
            return true;
        } catch (ConnectionLostException e) {
            note("lost " + id + " " + order.id() + " " + System.nanoTime() + " "
                    + (e.mayHaveRun() ? "mayHaveRun " : "notRun ") + e.getMessage());
        } catch (AutoDaemonException e) {
            if (Thread.interrupted()) {
                note("lost " + id + " " + order.id() + " " + System.nanoTime() + " mayHaveRun " + e.getMessage());
                return true;
            }
            note("failed " + id + " " + named(e));
        }
        return false;
    }

    private long answer(Ledger ledger, String id, int i) {
        if (i % 3 == 2) {
            try {
                return ledger.recordLater(id).join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof AutoDaemonException cause ? cause : e;
            }
        }
        return i % 2 == 1 && order.slowMillis() > 0 ? ledger.recordSlowly(id, order.slowMillis()) : ledger.record(id);
    }

    /** More than the stream holds, so it is read while it is written. */
    private void echo(Ledger ledger) {
        byte[] bytes = new byte[order.streamBytes()];
        new Random(order.id().hashCode()).nextBytes(bytes);
        try (Duplex stream = ledger.echo()) {
            Thread writer = new Thread(() -> write(stream, bytes), "chaos-writer");
            writer.setDaemon(true);
            writer.start();
            byte[] echoed = stream.input().readAllBytes();
            note((Arrays.equals(bytes, echoed) ? "streamed " : "corrupt ") + order.id() + " " + System.nanoTime() + " "
                    + echoed.length + " of " + bytes.length + " bytes");
        } catch (IOException | ConnectionLostException e) {
            note("parted " + order.id() + " " + System.nanoTime() + " the stream: " + e.getMessage());
        } catch (AutoDaemonException e) {
            note((Thread.interrupted() ? "parted " : "failed ") + order.id() + " " + System.nanoTime() + " "
                    + named(e));
        }
    }

    private static void write(Duplex stream, byte[] bytes) {
        try {
            stream.output().write(bytes);
            stream.output().close();
        } catch (IOException e) {
            // The reader sees the end as well, and says so.
            stream.cancel(String.valueOf(e.getMessage()));
        }
    }

    private static String named(AutoDaemonException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }

    private void note(String line) {
        try {
            journal.add(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
