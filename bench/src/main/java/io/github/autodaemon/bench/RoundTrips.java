package io.github.autodaemon.bench;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Connection;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One call after the other, from one JVM to another. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoundTrips {
    /** Our client, on our daemon. */
    @State(Scope.Benchmark)
    public static class Ours {
        private final Path home;
        private final Connection<Echo> connection;
        private final Echo echo;
        private long n;

        /** Starts the daemon. */
        public Ours() {
            home = Commands.directory();
            connection = AutoDaemon.of(Echo.class, Echo.EchoService.class)
                    .socket(home.resolve("s"))
                    .build()
                    .connect();
            echo = connection.rpc();
        }

        /** Ends the daemon. */
        @TearDown
        public void end() throws IOException {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            echo.close();
            connection.close();
            daemon.onExit().join();
            Commands.delete(home);
        }
    }

    /** A socket and nothing else. */
    @State(Scope.Benchmark)
    public static class Raw {
        private final Path home = Commands.directory();
        private final ByteBuffer message = ByteBuffer.allocateDirect(RawEcho.SIZE);
        private Process server;
        private SocketChannel channel;

        /** Starts the other JVM. */
        @Setup
        public void start() throws IOException {
            Path socket = home.resolve("s");
            server = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            RawEcho.class.getName(),
                            socket.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader out = server.inputReader(StandardCharsets.UTF_8);
            if (!"ready".equals(out.readLine())) {
                throw new IOException("the other JVM did not start");
            }
            channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        }

        /** Ends the other JVM. */
        @TearDown
        public void end() throws IOException {
            channel.close();
            server.onExit().join();
            Commands.delete(home);
        }
    }

    /** A typed call. */
    @Benchmark
    public long ours(Ours ours) {
        return ours.echo.echo(ours.n++);
    }

    /** As many bytes, there and back. */
    @Benchmark
    public boolean raw(Raw raw) throws IOException {
        raw.message.clear();
        RawEcho.send(raw.channel, raw.message);
        return RawEcho.receive(raw.channel, raw.message);
    }
}
