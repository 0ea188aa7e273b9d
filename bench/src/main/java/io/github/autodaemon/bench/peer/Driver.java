package io.github.autodaemon.bench.peer;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A client that is told what to do, line by line, on its standard input, and answers each line with figures:
 * {@code Driver CLASS SOCKET}, where the class is a {@link Peer} made of a path. {@code bench/npm/driver.js} is its twin.
 */
public final class Driver {
    /** Of the times of single calls these quantiles are told. */
    public static final List<Double> QUANTILES = List.of(0.0, .01, .05, .1, .25, .5, .75, .9, .95, .99, .999, 1.0);

    private final Peer peer;

    private Driver(Peer peer) {
        this.peer = peer;
    }

    /** Connects, says {@code ready}, and obeys until the input ends. */
    public static void main(String[] args) throws Exception {
        Class<? extends Peer> type = Class.forName(args[0]).asSubclass(Peer.class);
        try (Peer peer = type.getConstructor(Path.class).newInstance(Path.of(args[1]))) {
            new Driver(peer).obey();
        }
        // Some peers leave threads behind that would keep the JVM.
        System.exit(0);
    }

    private void obey() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready " + ProcessHandle.current().pid());
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(answer(line.split(" ", -1)));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // Whatever it is, it is told, and the next line may go better.
    private String answer(String[] words) {
        try {
            return switch (words[0]) {
                case "calls" -> quantiles(Integer.parseInt(words[1]));
                case "pipelined" ->
                    nanos(() -> {
                        peer.pipelined(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                    });
                case "threads" -> threads(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "items" -> items(Integer.parseInt(words[1]));
                case "text" -> text(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                case "bytes" -> bytes(Long.parseLong(words[1]));
                case "stalled" -> {
                    Closeable stream = peer.stall();
                    try {
                        yield quantiles(Integer.parseInt(words[1]));
                    } finally {
                        stream.close();
                    }
                }
                default -> "failed: there is no " + words[0];
            };
        } catch (Exception e) {
            return ("failed: " + e).lines().findFirst().orElseThrow();
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static String nanos(Action action) throws Exception {
        long began = System.nanoTime();
        action.run();
        return Long.toString(System.nanoTime() - began);
    }

    private String quantiles(int calls) throws Exception {
        long[] times = new long[calls];
        for (int i = 0; i < calls; i++) {
            long began = System.nanoTime();
            peer.add(i);
            times[i] = System.nanoTime() - began;
        }
        Arrays.sort(times);
        StringBuilder line = new StringBuilder();
        for (double quantile : QUANTILES) {
            line.append(times[(int) Math.min(calls - 1, quantile * calls)]).append(' ');
        }
        return line.toString().strip();
    }

    /** Each thread makes its share of the calls, one after the other. */
    private String threads(int calls, int threads) throws Exception {
        ExecutorService all = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> shares = Collections.nCopies(threads, () -> {
                for (int i = 0; i < calls / threads; i++) {
                    peer.add(i);
                }
                return null;
            });
            return nanos(() -> {
                for (Future<Void> share : all.invokeAll(shares)) {
                    share.get();
                }
            });
        } finally {
            all.shutdown();
        }
    }

    private String items(int calls) throws Exception {
        return nanos(() -> {
            for (int i = 0; i < calls; i++) {
                Item back = peer.item(Item.of(i));
                if (back.id() != i) {
                    throw new IOException("another item came back: " + back);
                }
            }
        });
    }

    private String text(int size, int calls) throws Exception {
        String text = "x".repeat(size);
        return nanos(() -> {
            for (int i = 0; i < calls; i++) {
                int came = peer.text(text).length();
                if (came != size) {
                    throw new IOException(came + " characters came of " + size);
                }
            }
        });
    }

    private String bytes(long count) throws Exception {
        return nanos(() -> {
            long came = peer.bytes(count);
            if (came != count) {
                throw new IOException(came + " bytes came of " + count);
            }
        });
    }
}
