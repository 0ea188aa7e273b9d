package io.github.autodaemon;

import java.io.InputStream;
import java.io.OutputStream;

/** Not a stream yet: the handler of one, on its way from the service to the connection. */
final class ServedDuplex implements Duplex {
    private final Handler handler;

    ServedDuplex(Handler handler) {
        this.handler = handler;
    }

    Handler handler() {
        return handler;
    }

    private static IllegalStateException unserved() {
        return new IllegalStateException("Duplex.serve(...) is for returning from a service's stream method; the stream"
                + " itself is what the handler gets");
    }

    @Override
    public InputStream input() {
        throw unserved();
    }

    @Override
    public OutputStream output() {
        throw unserved();
    }

    @Override
    public void cancel(String reason) {}

    @Override
    public void close() {}
}
