package io.github.autodaemon.internal.call;

import io.github.autodaemon.Duplex;
import io.github.autodaemon.internal.net.ByteStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A stream of a connection. */
final class WireDuplex implements Duplex {
    private final ByteStream stream;

    WireDuplex(ByteStream stream) {
        this.stream = stream;
    }

    @Override
    public InputStream input() {
        return stream.input();
    }

    @Override
    public OutputStream output() {
        return stream.output();
    }

    @Override
    public void cancel(String reason) {
        stream.cancel(reason);
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (InterruptedIOException e) {
            // A caller does not close twice; the rest of the stream would stay.
            stream.cancel("interrupted before the end was sent");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
