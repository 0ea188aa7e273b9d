package io.github.autodaemon.internal.mux;

import io.github.autodaemon.internal.net.Wire;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** A wire that keeps what is written. */
class BytesWire implements Wire {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean reading = true;

    /** What was written since the last call, in hexadecimal digits. */
    String taken() {
        String text = HexFormat.of().formatHex(written.toByteArray());
        written.reset();
        return text;
    }

    boolean isReading() {
        return reading;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        written.write(bytes, offset, length);
    }

    @Override
    public long queued() {
        return 0;
    }

    @Override
    public void reading(boolean on) {
        reading = on;
    }

    @Override
    public void closeWhenSent() {}

    @Override
    public void close() {}
}
