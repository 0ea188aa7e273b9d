package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.command.CommandRequest;
import io.github.autodaemon.internal.command.Piece;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of a command, in a JVM: passes on this process's standard streams, and ends as the command ends.
 * The native front does the same (docs/front.md).
 *
 * <pre>
 *   ASKED --refused, lost--> not run
 *     | accepted            '--late--> it may have run
 *     v
 *   RUNNING --exit piece--> ended with its code, or by its signal
 *            '--lost--> it may have run
 * </pre>
 */
public final class CommandClient {
    /** The exit code when the connection was lost, so that the command may have run. */
    private static final int NOT_KNOWN = 125;

    private static final int SIGPIPE = 13;
    private static final int FAILED = 1;
    private static final int MAX_PIECE = 1 << 20;

    private final ClientSession session;
    private final Monitor monitor;
    private final CommandRequest request;
    private final LocalTerminal terminal;
    private final CallerSignals signals;
    private final Output[] outputs = {new Output(FileDescriptor.out), new Output(FileDescriptor.err)};
    private final BlockingQueue<Integer> reads = new ArrayBlockingQueue<>(1);
    private final FileInputStream in = new FileInputStream(FileDescriptor.in);

    /** Held while a file is read: at the command's end it is known how much was. */
    private final ReentrantLock reading = new ReentrantLock();

    private boolean isFile;
    private @Nullable Thread reader;

    // Guarded by reading.
    private long taken;
    private boolean over;

    // Guarded by the connection's monitor.
    private final ArrayDeque<Received> received = new ArrayDeque<>();

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

    private CommandClient(
            ClientSession session, CommandRequest request, LocalTerminal terminal, CallerSignals signals) {
        this.session = session;
        this.monitor = session.session().monitor();
        this.request = request;
        this.terminal = terminal;
        this.signals = signals;
    }

    /**
     * Runs a command. Does not return if the command ended by a signal, or if standard output was closed.
     *
     * @param deadline until when the daemon may accept it
     * @throws IOException when the daemon runs no commands; says why
     */
    public static Result run(
            ClientSession session, CommandRequest request, LocalTerminal terminal, CallerSignals signals, long deadline)
            throws IOException, InterruptedException {
        return new CommandClient(session, request, terminal, signals).run(deadline);
    }

    private Result run(long deadline) throws IOException, InterruptedException {
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
        signals.passTo(this::send);
        try {
            return new Result(passOn(), null);
        } finally {
            signals.over();
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
                    signals.awaitReady();
                    write(next.type, bytes(data));
                }
                case Piece.READ -> read(data.getInt());
                case Piece.TERMINAL -> terminal.set(data.get());
                case Piece.HANDLED -> signals.handledByProgram(data.get());
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
        giveBack(data.getLong());
        if (signal != 0) {
            signals.end(signal);
            return CallerSignals.SIGNALLED + signal;
        }
        String failure = outputs[0].failure;
        if (failure != null) {
            err(request.name() + ": cannot write to standard output: " + failure);
            return code == 0 ? FAILED : code;
        }
        return code;
    }

    /** What was read of a file, and not used, is for the next command that reads it. */
    private void giveBack(long used) {
        if (!isFile) {
            return;
        }
        reading.lock();
        try {
            over = true;
            FileChannel file = in.getChannel();
            file.position(Math.max(0, file.position() - (taken - used)));
        } catch (IOException e) {
            // It was closed meanwhile, by whom it belongs to.
            assert taken >= used;
        } finally {
            reading.unlock();
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
                Runtime.getRuntime().halt(CallerSignals.SIGNALLED + SIGPIPE);
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
        if (reader == null) {
            isFile = Files.isRegularFile(Path.of("/proc/self/fd/0"));
            Thread begun = new Thread(this::readInput, "auto-daemon-stdin");
            begun.setDaemon(true);
            begun.start();
            reader = begun;
        }
    }

    private void readInput() {
        try {
            while (true) {
                byte[] data = new byte[reads.take()];
                int count = isFile ? readFile(data) : readOnce(data);
                byte[] piece = new byte[Piece.HEADER + count];
                ByteBuffer.wrap(piece).put((byte) Piece.STDIN).putInt(count).put(data, 0, count);
                send(piece);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int readFile(byte[] data) {
        reading.lock();
        try {
            int count = over ? 0 : readOnce(data);
            taken += count;
            return count;
        } finally {
            reading.unlock();
        }
    }

    private int readOnce(byte[] data) {
        try {
            return Math.max(0, in.read(data));
        } catch (IOException e) {
            // EBADF, or EIO in the background: no more input.
            return 0;
        }
    }
}
