package io.github.autodaemon.replay;

import io.github.autodaemon.internal.net.Wire;

/** A wire in memory: what is written goes into a conversation, and whether the session wants to read is noted. */
final class RecordedWire implements Wire {
    private final Conversation conversation;
    private final Side side;
    private boolean reading = true;
    private boolean closed;
    private long queued;
    private boolean stuck;

    RecordedWire(Conversation conversation, Side side) {
        this.conversation = conversation;
        this.side = side;
    }

    /** From now on the peer takes nothing. */
    void stick() {
        stuck = true;
    }

    boolean reads() {
        return reading && !closed;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (closed) {
            return;
        }
        conversation.said(side, bytes, offset, length);
        if (stuck) {
            queued += length;
        }
    }

    @Override
    public long queued() {
        return queued;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
    }

    @Override
    public void closeWhenSent() {
        closed = true;
    }

    @Override
    public void close() {
        closed = true;
    }
}
