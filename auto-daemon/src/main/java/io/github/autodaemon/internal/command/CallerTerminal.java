package io.github.autodaemon.internal.command;

import io.github.autodaemon.Invocation;

/** The terminal of a caller. */
final class CallerTerminal implements Invocation.Terminal {
    private final CommandRequest request;
    private final CallerStreams streams;
    private volatile int columns;
    private volatile int rows;

    // Guarded by this.
    private int mode;

    CallerTerminal(CommandRequest request, CallerStreams streams) {
        this.request = request;
        this.streams = streams;
        this.columns = request.size().get(0);
        this.rows = request.size().get(1);
    }

    void resized(int newColumns, int newRows) {
        columns = newColumns;
        rows = newRows;
    }

    @Override
    public boolean isInput() {
        return request.tty().get(0) != 0;
    }

    @Override
    public boolean isOutput() {
        return request.tty().get(Piece.STDOUT) != 0;
    }

    @Override
    public boolean isError() {
        return request.tty().get(Piece.STDERR) != 0;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public String type() {
        return request.env().getOrDefault("TERM", "");
    }

    @Override
    public void raw(boolean on) {
        set(Piece.RAW, on);
    }

    @Override
    public void echo(boolean on) {
        set(Piece.NO_ECHO, !on);
    }

    private synchronized void set(int bit, boolean on) {
        int next = on ? mode | bit : mode & ~bit;
        if (next != mode && isInput()) {
            mode = next;
            streams.send(Piece.of(Piece.TERMINAL, (byte) next));
        }
    }
}
