package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams between two processes: who stops, who is killed, and what is left. */
@Timeout(300)
class StreamLifeTest {
    /** Bytes each way; 1000000000 by hand. */
    private static final long MUCH = Long.getLong("auto-daemon.test.streamBytes", 100_000_000);

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private static long descriptors(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return all.count();
        }
    }

    /** Selectors are kept for the next stream, and jars open when a class is looked for. */
    private static long sockets(long pid) throws IOException {
        long count = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : all.toList()) {
                try {
                    count += Files.readSymbolicLink(descriptor).toString().startsWith("socket:") ? 1 : 0;
                } catch (NoSuchFileException e) {
                    assertThat(e).as("it was closed meanwhile").hasMessageContaining("/fd/");
                }
            }
        }
        return count;
    }

    private static long threads(long pid) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return all.count();
        }
    }

    private static CompletableFuture<Throwable> thrownBy(Action action) {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Scratch.inThread(() -> {
            try {
                action.run();
                thrown.complete(new AssertionError("nothing was thrown"));
            } catch (Throwable t) {
                thrown.complete(t);
            }
        });
        return thrown;
    }

    private interface Action {
        void run() throws Exception;
    }

    /** The streams that are not read could give twenty gigabytes; the daemon has 64 MiB. */
    @Test
    void whoDoesNotReadDelaysNobodyAndCostsNoMemory() throws Exception {
        try (Connection<Lab> connection =
                scratch.lab().jvmOptions("-Xmx64m").build().connect()) {
            Lab lab = connection.rpc();
            List<Duplex> unread = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                unread.add(lab.numbers(Integer.MAX_VALUE));
                assertThat(unread.get(i).input().read()).isEqualTo('1');
            }
            for (int i = 1; i <= 100; i++) {
                assertThat(lab.add(1)).isEqualTo(i);
            }
            try (Duplex read = lab.numbers(1_000_000)) {
                assertThat(read.input().transferTo(OutputStream.nullOutputStream()))
                        .isEqualTo(6_888_896);
            }
            for (Duplex stream : unread) {
                stream.cancel("enough");
            }
            assertThat(lab.add(1)).isEqualTo(101);
        }
    }

    @Test
    void aKilledClientEndsTheHandlerAndTheAutocloseDaemonLeaves() throws Exception {
        Process client = scratch.command("autoclose=1", "stream", "1000000000").start();
        assertThat(client.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("streaming");
        ProcessHandle daemon = scratch.daemons().get(0);
        client.destroyForcibly().waitFor();
        Processes.awaitEnd(daemon);
    }

    @Test
    void aKilledClientLeavesNoDescriptor() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            long daemon = connection.rpc().pid();
            long before = 0;
            for (int i = 0; i < 6; i++) {
                Process client = scratch.command("stream", "1000000000").start();
                assertThat(client.inputReader(StandardCharsets.UTF_8).readLine())
                        .startsWith("streaming");
                client.destroyForcibly().waitFor();
                while (scratch.lab().build().status().orElseThrow().streams() != 0) {
                    Thread.onSpinWait();
                }
                if (i == 1) {
                    before = sockets(daemon);
                }
            }
            // A connection that has just been ended may still be on its way out.
            while (sockets(daemon) > before) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aKilledDaemonEndsWhoReadsAndWhoWrites() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            ProcessHandle daemon = connection.spawned().orElseThrow();
            Duplex read = connection.rpc().echo();
            Duplex written = connection.rpc().numbers(Integer.MAX_VALUE);
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Throwable> reader = thrownBy(() -> {
                begun.countDown();
                read.input().read();
            });
            CompletableFuture<Throwable> writer = thrownBy(() -> {
                while (true) {
                    // Nobody reads it there.
                    written.output().write(new byte[100_000]);
                }
            });
            begun.await();
            daemon.destroyForcibly();
            assertThat(reader.join()).isInstanceOf(IOException.class);
            assertThat(writer.join()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aThousandInTurnLeaveNeitherDescriptorNorThread() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            Lab lab = connection.rpc();
            long daemon = lab.pid();
            long here = ProcessHandle.current().pid();
            inTurn(lab, 100);
            long theirs = descriptors(daemon);
            long ours = descriptors(here);
            long theirThreads = threads(daemon);
            inTurn(lab, 1000);
            while (descriptors(daemon) > theirs + 4 || descriptors(here) > ours + 4) {
                Thread.onSpinWait();
            }
            assertThat(threads(daemon)).isLessThanOrEqualTo(theirThreads + 4);
        }
    }

    private static void inTurn(Lab lab, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Duplex echo = lab.echo()) {
                echo.output().write(i & 0xff);
                echo.output().close();
                assertThat(echo.input().read()).isEqualTo(i & 0xff);
                assertThat(echo.input().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void moreThanTheLimitAreRefusedWithAMessage() throws Exception {
        try (Connection<Lab> connection = scratch.lab().maxStreams(3).build().connect()) {
            List<Duplex> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                open.add(connection.rpc().echo());
                open.get(i).output().write(1);
                assertThat(open.get(i).input().read()).isEqualTo(1);
            }
            Duplex refused = connection.rpc().echo();
            assertThatThrownBy(() -> refused.input().read())
                    .hasMessage("too many streams on this connection, the limit is 3");
            for (Duplex stream : open) {
                stream.close();
            }
        }
    }

    /** All classes in files that are open already: one in a directory could not be loaded then. */
    private String jars() {
        String jar = scratch.directory().resolve("all.jar").toString();
        List<String> arguments = new ArrayList<>(List.of("--create", "--file", jar));
        StringBuilder path = new StringBuilder(jar);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Files.isDirectory(Path.of(entry))) {
                arguments.addAll(List.of("-C", entry, "."));
            } else {
                path.append(File.pathSeparator).append(entry);
            }
        }
        int code = ToolProvider.findFirst("jar")
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(code).isZero();
        return path.toString();
    }

    @Test
    void withoutDescriptorsAStreamSharesTheConnection() throws Exception {
        String path = jars();
        ProcessBuilder builder = scratch.command("add", "1");
        builder.command().set(builder.command().indexOf("-cp") + 1, path);
        builder.command().addAll(0, List.of("/bin/sh", "-c", "ulimit -n 80; exec \"$@\"", "sh"));
        assertThat(Scratch.output(builder)).isEqualTo("1");
        List<SocketChannel> held = new ArrayList<>();
        AutoDaemonBuilder<Lab> lab = scratch.lab().classPath(path);
        try (Connection<Lab> connection = lab.build().connect()) {
            assertThat(connection.spawned()).isEmpty();
            for (int i = 0; i < 120; i++) {
                held.add(SocketChannel.open(UnixDomainSocketAddress.of(scratch.socket())));
            }
            Scratch.awaitText(scratch.directory().resolve("s.log"), "no connection can be accepted for now");
            // So many that the test would be over if each waited for as long as a daemon may take to accept.
            for (int i = 0; i < 80; i++) {
                try (Duplex numbers = connection.rpc().numbers(3)) {
                    assertThat(numbers.input().readAllBytes()).asString().isEqualTo("1\n2\n3\n");
                }
            }
            // The attempt is in the queue of connections, and ended: nothing of it stays.
            for (SocketChannel channel : held) {
                channel.close();
            }
            while (lab.build().status().orElseThrow().clients() != 1) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void muchBothWaysAtOnceArrivesWhole() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect();
                Duplex echo = connection.rpc().echo()) {
            CompletableFuture<Long> sent = new CompletableFuture<>();
            Scratch.inThread(() -> {
                CRC32C sum = new CRC32C();
                byte[] block = new byte[65_536];
                Random random = new Random(3);
                try (OutputStream out = echo.output()) {
                    for (long left = MUCH; left > 0; left -= block.length) {
                        random.nextBytes(block);
                        int size = (int) Math.min(left, block.length);
                        sum.update(block, 0, size);
                        out.write(block, 0, size);
                    }
                    sent.complete(sum.getValue());
                } catch (IOException e) {
                    sent.completeExceptionally(e);
                }
            });
            CRC32C sum = new CRC32C();
            long count = 0;
            byte[] block = new byte[65_536];
            InputStream in = echo.input();
            for (int size = in.read(block); size >= 0; size = in.read(block)) {
                sum.update(block, 0, size);
                count += size;
            }
            assertThat(count).isEqualTo(MUCH);
            assertThat(sum.getValue()).isEqualTo(sent.join());
        }
    }
}
