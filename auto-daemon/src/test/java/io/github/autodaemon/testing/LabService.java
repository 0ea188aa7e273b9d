package io.github.autodaemon.testing;

import io.github.autodaemon.Client;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.Reference;
import io.github.autodaemon.Sequence;
import io.github.autodaemon.Service;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The service of the {@link Lab}. */
public final class LabService implements Service<Lab> {
    private final List<String> notes = new ArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CompletableFuture<String> futureGate = new CompletableFuture<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private int mostAtOnce;
    private long sum;
    private long sunk;
    private int clients;
    private @Nullable Reference kept;

    /** A fresh state. */
    public LabService() {
        if (Boolean.getBoolean("lab.constructorThrows")) {
            throw new IllegalStateException("the index is broken");
        }
        if (Boolean.getBoolean("lab.constructorHangs")) {
            new CompletableFuture<String>().join();
        }
        String awaited = System.getProperty("lab.constructorWaitsFor");
        while (awaited != null && !Files.exists(Path.of(awaited))) {
            Thread.onSpinWait();
        }
        String socket = System.getProperty("lab.exitsWhenItServes");
        if (socket != null) {
            new Thread(() -> {
                        while (!Files.exists(Path.of(socket))) {
                            Thread.onSpinWait();
                        }
                        Runtime.getRuntime().halt(9);
                    })
                    .start();
        }
        if (Boolean.getBoolean("lab.constructorExits")) {
            System.err.println("cannot go on");
            System.exit(7);
        }
    }

    @Override
    public Lab connected(Client client) {
        if (client.args().contains("refuse")) {
            throw new IllegalStateException("no clients today");
        }
        clients++;
        client.onClose(() -> clients--);
        return new Calls(client);
    }

    @Override
    public void close() {
        System.out.println("service closed");
    }

    private final class Calls implements Lab {
        private final Client client;

        Calls(Client client) {
            this.client = client;
        }

        @Override
        public long add(long n) {
            sum += n;
            return sum;
        }

        @Override
        public long get() {
            return sum;
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public void close() {
            client.server().close();
            client.close();
        }

        @Override
        public void retire() {
            client.server().close();
        }

        @Override
        public List<String> args() {
            return client.args();
        }

        @Override
        public Map<String, String> environment() {
            return System.getenv();
        }

        @Override
        public String workingDirectory() {
            return Path.of("").toAbsolutePath().toString();
        }

        @Override
        public Point mirror(Point point) {
            return new Point(point.y(), point.x(), point.message());
        }

        @Override
        public Map<String, List<Point>> nested(Map<String, List<Point>> given) {
            return given;
        }

        @Override
        public Optional<Colour> other(Colour colour) {
            return colour == Colour.RED ? Optional.of(Colour.GREEN) : Optional.empty();
        }

        @Override
        public int sum(int first, int... rest) {
            int all = first;
            for (int one : rest) {
                all += one;
            }
            return all;
        }

        @Override
        public String fail(String message) {
            throw new IllegalStateException(message);
        }

        @Override
        public CompletableFuture<String> later(String text) {
            Executor elsewhere = ForkJoinPool.commonPool();
            return CompletableFuture.supplyAsync(() -> text, elsewhere);
        }

        @Override
        public CompletableFuture<String> failLater(String message) {
            return CompletableFuture.failedFuture(new IOException(message));
        }

        @Override
        public String waitForGate() {
            waiting.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "open";
        }

        @Override
        public int waiting() {
            return waiting.get();
        }

        @Override
        public String openWhenRetired() {
            waiting.incrementAndGet();
            while (Files.exists(client.server().socket())) {
                Thread.onSpinWait();
            }
            gate.countDown();
            return "opened";
        }

        @Override
        public CompletableFuture<String> gate() {
            return futureGate;
        }

        @Override
        public void open() {
            gate.countDown();
            futureGate.complete("open");
        }

        @Override
        public void note(String text) {
            notes.add(text);
        }

        @Override
        public List<String> notes() {
            return notes;
        }

        @Override
        public void keep() {
            kept = client.ref();
        }

        @Override
        public void letGo() {
            Reference held = kept;
            if (held != null) {
                held.close();
                held.close();
            }
        }

        @Override
        public int clients() {
            return clients;
        }

        @Override
        public int mostAtOnce() {
            return mostAtOnce;
        }

        @Override
        public void busy() {
            int now = atOnce.incrementAndGet();
            // Unlocked on purpose: in a serial service it needs no lock.
            mostAtOnce = Math.max(mostAtOnce, now);
            for (int i = 0; i < 100; i++) {
                Thread.onSpinWait();
            }
            atOnce.decrementAndGet();
        }

        @Override
        public String print(String text) {
            System.out.println("to stdout: " + text);
            System.err.println("to stderr: " + text);
            return text;
        }

        @Override
        public void leaveThreadBehind() {
            Thread thread = new Thread(() -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.start();
        }

        @Override
        public void exit(int code) {
            Runtime.getRuntime().halt(code);
        }

        @Override
        public void systemExit(int code) {
            System.exit(code);
        }

        @Override
        public long exhaust() {
            long sum = 0;
            Object[] all = new Object[1000];
            for (int i = 0; i < all.length; i++) {
                all[i] = new long[Integer.MAX_VALUE - 8];
                sum += all[i].hashCode();
            }
            return sum;
        }

        @Override
        public void flood(int lines) {
            for (int i = 0; i < lines; i++) {
                System.out.println("line " + i + " of a flood that is to fill the log of this daemon");
            }
        }

        @Override
        public void floodInterrupted(int lines) {
            Thread.currentThread().interrupt();
            flood(lines);
            if (!Thread.interrupted()) {
                throw new IllegalStateException("it is not interrupted any more");
            }
        }

        @Override
        public void floodByAChild(int lines) throws IOException, InterruptedException {
            String script = "i=0; while [ $i -lt " + lines + " ]; do echo line $i of a child; i=$((i+1)); done >&2";
            new ProcessBuilder("sh", "-c", script).inheritIO().start().waitFor();
        }

        @Override
        public Duplex echo() {
            return Duplex.serve(stream -> stream.input().transferTo(stream.output()));
        }

        @Override
        public Duplex numbers(int count) {
            return Duplex.serve(stream -> {
                for (int i = 1; i <= count; i++) {
                    stream.output().write((i + "\n").getBytes(StandardCharsets.UTF_8));
                }
            });
        }

        @Override
        public Duplex sink() {
            return Duplex.serve(stream -> {
                long count = stream.input().transferTo(OutputStream.nullOutputStream());
                client.turn().execute(() -> sunk += count);
            });
        }

        @Override
        public long sunk() {
            return sunk;
        }

        @Override
        public Duplex broken(String message) {
            return Duplex.serve(stream -> {
                throw new IOException(message);
            });
        }

        @Override
        public int count(Sequence<Integer> values) {
            int count = 0;
            for (int value : values) {
                count += value == 0 ? 0 : 1;
            }
            if (count < 2) {
                throw new IllegalArgumentException("not enough");
            }
            return count;
        }

        @Override
        public Duplex readable(String text) {
            return Duplex.of(
                    new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), OutputStream.nullOutputStream());
        }
    }
}
