package io.github.autodaemon.bench.peer;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Client;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Service;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** {@code teller --socket=PATH WORD}, a command for the front; its service has one method, for a call without a command. */
public final class Teller implements Service<Teller.Sum>, Program {
    /** What clients call. */
    public interface Sum {
        /** A number. */
        long get();
    }

    private static final String SOCKET = "--socket=";
    private static final int BUFFER = 64 * 1024;
    private static final int BUFFERS = 16 * 1024;

    /** The command, as a JVM calls it. */
    public static void main(String[] args) {
        int code = AutoDaemon.of(Sum.class, Teller.class)
                .name("teller")
                .socket(Path.of(args[0].substring(SOCKET.length())))
                .build()
                .run(args);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Sum connected(Client client) {
        return () -> 1;
    }

    @Override
    public int run(Invocation in) throws IOException {
        switch (in.args().get(1)) {
            case "none" -> {}
            case "get" -> in.out().println(1);
            case "cat" -> in.in().transferTo(in.out());
            case "write" -> {
                byte[] buffer = new byte[BUFFER];
                for (int i = 0; i < BUFFERS; i++) {
                    in.out().write(buffer, 0, BUFFER);
                }
            }
            default -> in.out().println(length(in.in()));
        }
        return 0;
    }

    private static long length(InputStream in) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long sum = 0;
        for (int size = in.read(buffer); size >= 0; size = in.read(buffer)) {
            sum += size;
        }
        return sum;
    }
}
