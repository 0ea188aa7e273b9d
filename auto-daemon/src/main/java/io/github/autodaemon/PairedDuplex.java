package io.github.autodaemon;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Two streams as one. */
final class PairedDuplex implements Duplex {
    private final InputStream input;
    private final OutputStream output;

    PairedDuplex(InputStream input, OutputStream output) {
        this.input = input;
        this.output = output;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public void cancel(String reason) {
        close();
    }

    @Override
    public void close() {
        try (InputStream first = input;
                OutputStream second = output) {
            // Closing both, in this order, is all.
            assert first != null && second != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
