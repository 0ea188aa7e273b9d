package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.command.CommandRequest;
import io.github.autodaemon.internal.command.Piece;
import io.github.autodaemon.internal.fs.Signals;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.rpc.ReplyHandler;
import io.github.autodaemon.internal.rpc.Response;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of a command, in a JVM: passes on this process's standard streams and signals, and ends as the
 * command ends. The native front does the same (docs/front.md).
 *
 * <pre>
 *   ASKED --refused, lost--> not run
 *     | accepted            '--late--> it may have run
 *     v
 *   RUNNING --exit piece--> ended with its code, or by its signal
 *     | a signal              | lost: it may have run
 *     v
 *   SIGNALLED --the program handles it--> RUNNING
 *     | a second signal, or not ended in time
 *     v
 *   this process ends by the signal
 * </pre>
 */
public final class CommandClient {
    /** The exit code when the connection was lost, so that the command may have run. */
    private static final int NOT_KNOWN = 125;

    /** The signals that are passed on; the JVM keeps SIGQUIT for itself. */
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private static final int SIGNALLED = 128;
    private static final int SIGPIPE = 13;
    private static final int FAILED = 1;
    private static final long GRACE = TimeUnit.SECONDS.toMillis(3);
    private static final int MAX_PIECE = 1 << 20;

    private final ClientSession session;
    private final Monitor monitor;
    private final CommandRequest request;
    private final LocalTerminal terminal;
    private final Output[] outputs = {new Output(FileDescriptor.out), new Output(FileDescriptor.err)};
    private final BlockingQueue<Integer> reads = new ArrayBlockingQueue<>(1);
    private final AtomicReference<@Nullable String> deadly = new AtomicReference<>();
    private final FileInputStream in = new FileInputStream(FileDescriptor.in);
    private final Thread listening = new Thread(this::listen, "auto-daemon-signals");
    private volatile boolean accepted;
    private boolean reading;
    private final AtomicLong taken = new AtomicLong();

    // Guarded by the connection's monitor.
    private final ArrayDeque<Received> received = new ArrayDeque<>();
    private volatile boolean over;

    private record Received(int type, ByteBuffer data) {}

    /** One of the two outputs. */
    private static final class Output {
        final FileOutputStream stream;

        @Nullable
        String failure;

        Output(FileDescriptor descriptor) {
            stream = new FileOutputStream(descriptor);
        }
    }

    /** How the request to run a command ended, when it was not run. */
    public enum Refusal {
        /** The connection ended: the daemon was about to leave. */
        LOST,
        /** The daemon cannot run it as this process would. */
        COLD
    }

    /**
     * The end of a command.
     *
     * @param code the exit code, when it ran
     * @param refusal why it was not run; null when it ran
     */
    public record Result(int code, @Nullable Refusal refusal) {}

    private CommandClient(ClientSession session, CommandRequest request, LocalTerminal terminal) {
        this.session = session;
        this.monitor = session.session().monitor();
        this.request = request;
        this.terminal = terminal;
    }

    /**
     * Runs a command. Does not return if the command ended by a signal, or if standard output was closed.
     *
     * @param deadline until when the daemon may accept it
     * @throws IOException when the daemon runs no commands; says why
     */
    public static Result run(ClientSession session, CommandRequest request, LocalTerminal terminal, long deadline)
            throws IOException, InterruptedException {
        return new CommandClient(session, request, terminal).run(deadline);
    }

    private Result run(long deadline) throws IOException, InterruptedException {
        listening.setDaemon(true);
        listening.start();
        Piece.Reader pieces = new Piece.Reader(this::piece, MAX_PIECE);
        CallResult outcome = ask(pieces, deadline);
        if (outcome == null) {
            // The acceptance may be on its way.
            err(request.name() + ": the daemon did not answer in time; the command may have run");
            return new Result(NOT_KNOWN, null);
        }
        Response answer = outcome.answer();
        if (answer == null) {
            return new Result(0, Refusal.LOST);
        }
        Map<?, ?> error = answer.error();
        if (error != null && Boolean.TRUE.equals(error.get(CommandRequest.COLD))) {
            return new Result(0, Refusal.COLD);
        }
        if (error != null) {
            throw new IOException(String.valueOf(error.get("message")));
        }
        accepted = true;
        try {
            return new Result(passOn(), null);
        } finally {
            over = true;
            terminal.restore();
        }
    }

    /** The daemon's answer; null when the deadline passed first. */
    private @Nullable CallResult ask(Piece.Reader pieces, long deadline) throws InterruptedException {
        PendingReply waiting = new PendingReply(true);
        session.session().control(CommandRequest.REQUEST, request.arguments(), new ReplyHandler() {
            @Override
            public void answered(List<@Nullable Object> answer) {
                if (Response.of(answer, true).error() == null) {
                    session.leaveFrames(pieces);
                }
                waiting.answered(answer);
            }

            @Override
            public void lost(boolean sent, String reason) {
                waiting.lost(sent, reason);
            }
        });
        return session.await(waiting, deadline);
    }

    private void send(byte[] piece) {
        monitor.lock();
        try {
            session.session().wire().write(piece, 0, piece.length);
            session.session().wire().flush();
        } finally {
            monitor.unlock();
        }
    }

    /** What has come next; null when the connection is over. */
    private @Nullable Received next() throws InterruptedException {
        monitor.lock();
        try {
            boolean some = monitor.await(
                    () -> !received.isEmpty() || session.session().closedBecause() != null, Long.MAX_VALUE);
            assert some;
            return received.poll();
        } finally {
            monitor.unlock();
        }
    }

    // With the connection's monitor held.

    private void piece(int type, ByteBuffer data) throws ProtocolException {
        // The reader uses its buffer again.
        received.add(new Received(
                type, ByteBuffer.allocate(data.remaining()).put(data).flip()));
    }

    private int passOn() throws InterruptedException {
        while (true) {
            Received next = next();
            if (next == null) {
                err(request.name() + ": the connection to the daemon was lost; the command may have run");
                return NOT_KNOWN;
            }
            ByteBuffer data = next.data;
            switch (next.type) {
                case Piece.STDOUT, Piece.STDERR -> {
                    // Who sees the output may send a signal.
                    listening.join();
                    write(next.type, bytes(data));
                }
                case Piece.READ -> read(data.getInt());
                case Piece.TERMINAL -> terminal.set(data.get());
                case Piece.HANDLED -> deadly.set(null);
                case Piece.EXIT -> {
                    return exit(data);
                }
                default -> {
                    err(request.name() + ": the daemon sent a piece of type " + next.type
                            + "; the command may have run");
                    return NOT_KNOWN;
                }
            }
        }
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }

    private int exit(ByteBuffer data) {
        int code = data.get() & 0xff;
        int signal = data.get();
        long unread = taken.get() - data.getLong();
        if (unread > 0) {
            giveBack(unread);
        }
        if (signal != 0) {
            terminal.restore();
            SIGNALS.forEach((name, number) -> {
                if (number == signal) {
                    Signals.die(name);
                }
            });
            return SIGNALLED + signal;
        }
        String failure = outputs[0].failure;
        if (failure != null) {
            err(request.name() + ": cannot write to standard output: " + failure);
            return code == 0 ? FAILED : code;
        }
        return code;
    }

    /** What was read of a file, and not used, is for the next command that reads it. */
    private void giveBack(long bytes) {
        try {
            FileChannel file = in.getChannel();
            file.position(Math.max(0, file.position() - bytes));
        } catch (IOException e) {
            // A pipe, which takes nothing back.
            assert bytes > 0;
        }
    }

    private void write(int type, byte[] data) {
        Output output = outputs[type - 1];
        if (output.failure != null) {
            return;
        }
        try {
            output.stream.write(data);
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            output.failure = why;
            if (why.contains("Broken pipe")) {
                // As SIGPIPE would, which the JVM keeps for itself.
                terminal.restore();
                Runtime.getRuntime().halt(SIGNALLED + SIGPIPE);
            }
            send(Piece.of(Piece.CLOSED, (byte) type, (byte) errno(why)));
        }
    }

    private static int errno(String why) {
        return why.contains("Broken pipe") ? 32 : why.contains("No space") ? 28 : why.contains("Bad file") ? 9 : 5;
    }

    private void err(String line) {
        write(Piece.STDERR, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void read(int most) {
        reads.add(Math.min(most, Piece.MAX_READ));
        if (!reading) {
            reading = true;
            Thread reader = new Thread(this::readInput, "auto-daemon-stdin");
            reader.setDaemon(true);
            reader.start();
        }
    }

    private void readInput() {
        try {
            while (true) {
                byte[] data = new byte[reads.take()];
                int count;
                try {
                    count = Math.max(0, in.read(data));
                } catch (IOException e) {
                    // EBADF, or EIO in the background: no more input.
                    count = 0;
                }
                taken.addAndGet(count);
                byte[] piece = new byte[Piece.HEADER + count];
                ByteBuffer.wrap(piece).put((byte) Piece.STDIN).putInt(count).put(data, 0, count);
                send(piece);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to listen to signals, beside the request: the JDK's classes for that take some milliseconds. */
    private void listen() {
        SIGNALS.forEach((name, number) -> {
            String unused = Signals.on(name, () -> signalled(name, number));
        });
        if (terminal.isAny()) {
            String unused = Signals.on("WINCH", this::resized);
        }
    }

    private void signalled(String name, int number) {
        if (!accepted) {
            die(name);
        }
        String before = deadly.getAndSet(name);
        if (before != null || over) {
            die(before == null ? name : before);
            return;
        }
        send(Piece.of(Piece.SIGNAL, (byte) number));
        Thread grace = new Thread(() -> {
            try {
                Thread.sleep(GRACE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (name.equals(deadly.get())) {
                die(name);
            }
        });
        grace.setDaemon(true);
        grace.start();
    }

    private void die(String name) {
        terminal.restore();
        Signals.die(name);
        Runtime.getRuntime().halt(SIGNALLED + SIGNALS.getOrDefault(name, 0));
    }

    private void resized() {
        if (!accepted || over) {
            return;
        }
        int[] size = terminal.size();
        send(Piece.of(Piece.SIZE, (byte) (size[0] >> Byte.SIZE), (byte) size[0], (byte) (size[1] >> Byte.SIZE), (byte)
                size[1]));
    }
}
