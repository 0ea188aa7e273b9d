package io.github.autodaemon.internal.command;

import io.github.autodaemon.Program;
import io.github.autodaemon.internal.json.Thrown;
import io.github.autodaemon.internal.net.Monitor;
import io.github.autodaemon.internal.net.Wire;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A command that was accepted, in the daemon.
 *
 * <pre>
 *   ACCEPTED --a thread, or its turn--> RUNNING --returned--> EXITED: the exit piece is sent, the connection ends
 *      |                                  | a signal that the program does not handle, or the caller is gone
 *      | the same                         v
 *      '----> EXITED at once, not run   CANCELLED (interrupted) --returned--> EXITED
 *                                         | not returned in time, and the caller is gone
 *                                         v
 *                                       ABANDONED: the daemon leaves, and does not wait for the command
 * </pre>
 */
public final class CommandRun {
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 128;

    /** How long a cancelled command may take to end before the daemon leaves for it. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(10);

    /** A variable of the caller's: the stack of an exception is wanted on standard error. */
    private static final String STACKS = "AUTODAEMON_STACKS";

    private final Program program;
    private final CommandRequest request;
    private final Wire wire;
    private final Monitor monitor;
    private final CommandHost host;
    private final CallerStreams streams;
    private final CommandInvocation invocation;
    private final long began = System.nanoTime();
    private final Piece.Reader reader;

    // Written with the monitor held.
    private boolean callerGone;
    private volatile boolean exited;
    private volatile boolean abandoned;
    private int deadly;
    private @Nullable Runnable forgetGrace;

    // Guarded by this.
    private @Nullable Thread thread;
    private boolean entered;
    private volatile boolean cancelled;

    /** {@code monitor} is that of the connection below {@code wire}. */
    public CommandRun(Program program, CommandRequest request, Wire wire, Monitor monitor, CommandHost host) {
        this.program = program;
        this.request = request;
        this.wire = wire;
        this.monitor = monitor;
        this.host = host;
        this.streams = new CallerStreams(wire, monitor);
        this.invocation = new CommandInvocation(request, streams, host, () -> cancelled);
        this.reader = new Piece.Reader(
                new Piece.Sink() {
                    @Override
                    public void piece(int type, ByteBuffer data) throws ProtocolException {
                        CommandRun.this.piece(type, data);
                    }
                },
                Piece.MAX_READ);
    }

    /** The command in words: its name and the beginning of its arguments. */
    public String text() {
        return request.args().isEmpty()
                ? request.name()
                : request.name() + " " + request.args().get(0);
    }

    /** The caller's process id, as it says. */
    public long pid() {
        return request.pid();
    }

    /** Why the program does not want to run it here; null when it does. Asked before its acceptance. */
    public @Nullable String declined() {
        try {
            return program.declines(invocation).orElse(null);
        } catch (RuntimeException | Error e) {
            host.failed("the program was asked whether it runs " + text(), e);
            return "the program failed when it was asked: " + Thrown.text(e);
        }
    }

    /** Nanoseconds since the command came. */
    public long age() {
        return System.nanoTime() - began;
    }

    /** True when the caller is gone. The monitor is held. */
    public boolean isCallerGone() {
        return callerGone;
    }

    /** True when the command has ended, or is not waited for. */
    public boolean isOver() {
        return exited || abandoned;
    }

    /** Runs the command, after its acceptance was sent. */
    public void run() {
        int code = INTERRUPTED;
        try {
            if (enter()) {
                try {
                    code = program.run(invocation);
                } catch (Throwable t) {
                    code = FAILED;
                    failed(t);
                } finally {
                    leave();
                }
            }
            // An interrupt during the last lines would lose them.
            invocation.out().flush();
            invocation.err().flush();
        } finally {
            monitor.lock();
            try {
                exit(code);
            } finally {
                monitor.unlock();
            }
        }
    }

    private synchronized boolean enter() {
        if (cancelled) {
            return false;
        }
        entered = true;
        thread = Thread.currentThread();
        return true;
    }

    /** After this no interrupt reaches the thread, which goes on to other work. */
    private synchronized void leave() {
        thread = null;
        Thread.interrupted();
    }

    private void failed(Throwable t) {
        if (cancelled && !(t instanceof Error)) {
            return;
        }
        host.failed("the command " + text() + " failed", t);
        complain(Thrown.text(t));
        if (!request.env().getOrDefault(STACKS, "").isEmpty()) {
            printStack(t);
        }
    }

    /** The class is the program's, and its methods may fail. */
    private void printStack(Throwable t) {
        try {
            t.printStackTrace(invocation.err());
        } catch (RuntimeException | Error e) {
            complain("its stack cannot be printed: " + Thrown.text(e));
        }
    }

    private void complain(String what) {
        invocation
                .err()
                .println(request.name() + ": " + what.lines().findFirst().orElse(""));
    }

    private void exit(int code) {
        if (exited) {
            return;
        }
        exited = true;
        Runnable forget = forgetGrace;
        if (forget != null) {
            forget.run();
        }
        if (!callerGone) {
            byte[] piece = ByteBuffer.allocate(Piece.HEADER + 2 + Long.BYTES)
                    .put((byte) Piece.EXIT)
                    .putInt(2 + Long.BYTES)
                    .put((byte) code)
                    .put((byte) deadly)
                    .putLong(streams.consumed())
                    .array();
            wire.write(piece, 0, piece.length);
            streams.end("the command has ended");
            wire.closeWhenSent();
        }
        if (!abandoned) {
            host.ended();
        }
    }

    /** A command that waits for its turn is over at once: what has the turn may take longer than its caller waits. */
    private void cancel() {
        boolean runs;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            runs = entered;
            Thread running = thread;
            if (running != null) {
                running.interrupt();
            }
        }
        if (runs) {
            forgetGrace = host.after(GRACE, this::giveUp);
        } else {
            exit(INTERRUPTED);
        }
    }

    private void giveUp() {
        monitor.lock();
        try {
            if (exited || abandoned) {
                return;
            }
            if (!callerGone) {
                // It waits, and may yet see the end.
                forgetGrace = host.after(GRACE, this::giveUp);
                return;
            }
            abandoned = true;
            host.abandoned(text());
        } finally {
            monitor.unlock();
        }
    }

    // From the connection, with the monitor held.

    /** Bytes of the caller. */
    public void receive(ByteBuffer bytes) throws ProtocolException {
        reader.read(bytes);
    }

    /** The caller is gone. */
    public void closed() {
        callerGone = true;
        streams.end("the caller is gone");
        if (!exited) {
            cancel();
        }
    }

    private void piece(int type, ByteBuffer data) throws ProtocolException {
        switch (type) {
            case Piece.STDIN -> streams.received(data);
            case Piece.SIGNAL -> signal(number(data, 1) & 0x7f);
            case Piece.SIZE -> {
                int size = number(data, Integer.BYTES);
                invocation.callerTerminal().resized(size >>> Short.SIZE, size & 0xffff);
                handle(CommandInvocation.WINCH);
            }
            case Piece.CLOSED -> {
                int which = number(data, 2);
                streams.outputClosed(which >>> Byte.SIZE, which & 0xff);
            }
            default -> throw new ProtocolException("there is no piece of type " + type);
        }
    }

    private static int number(ByteBuffer data, int bytes) throws ProtocolException {
        if (data.remaining() != bytes) {
            throw new ProtocolException("a piece of " + data.remaining() + " bytes, and not " + bytes);
        }
        int number = 0;
        while (data.hasRemaining()) {
            number = number << Byte.SIZE | (data.get() & 0xff);
        }
        return number;
    }

    private void signal(int number) {
        if (handle(number)) {
            streams.send(Piece.of(Piece.HANDLED, (byte) number));
        } else if (!exited) {
            deadly = deadly == 0 ? number : deadly;
            cancel();
        }
    }

    private boolean handle(int number) {
        Runnable handler = invocation.handler(number);
        if (handler == null || exited) {
            return false;
        }
        try {
            host.threads().execute(() -> {
                try {
                    handler.run();
                } catch (RuntimeException | Error e) {
                    host.failed("handling signal " + number + " of the command " + text() + " failed", e);
                }
            });
            return true;
        } catch (RuntimeException | Error e) {
            host.failed("no thread could be made for signal " + number + " of the command " + text(), e);
            return false;
        }
    }
}
