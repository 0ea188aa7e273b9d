package io.github.autodaemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.fuzz.Frame;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One daemon with little memory, a good client that calls it all the time, and others that mean no good. Every call of
 * the good one succeeds, and when the others are gone nothing of them is left.
 */
@Timeout(120)
class HostileClientsTest {
    private static final int MOST_STREAMS = 100;
    private static final int MANY = 60;
    private static final long HEAP_KILOBYTES = 64 * 1024;

    /** Direct buffers, stacks, malloc: up to 275 MB on a busy machine. What is not bounded takes gigabytes here. */
    private static final long REST_OF_JVM_KILOBYTES = 320 * 1024;

    /** What serves one client; a worker may be made while another is about to be free. */
    private static final int FEW_THREADS = 5;

    private static final String CALL = "[\"later\",[\"x\"],2]";
    private static final Scratch SCRATCH = new Scratch();
    private static final AtomicLong SERVED = new AtomicLong();
    private static AutoDaemon<Lab> lab;
    private static Connection<Lab> good;
    private static ProcessHandle daemon;
    private static Thread caller;
    private static volatile @Nullable String failure;
    private static volatile boolean over;
    private static long descriptors;

    private final List<RawPeer> peers = new ArrayList<>();

    @BeforeAll
    static void aGoodClientCalls() throws IOException {
        SCRATCH.create();
        lab = SCRATCH.lab()
                .maxMessage(1 << 20)
                .maxStreams(MOST_STREAMS)
                .jvmOptions("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .build();
        good = lab.connect();
        daemon = ProcessHandle.of(good.rpc().pid()).orElseThrow();
        caller = new Thread(() -> {
            try {
                while (!over) {
                    assertThat(good.rpc().add(1)).isEqualTo(SERVED.incrementAndGet());
                }
            } catch (Throwable t) {
                failure = t.toString();
            }
        });
        caller.start();
        servedOn();
        // Those that helped it to start leave soon.
        await(() -> threads() <= FEW_THREADS);
        descriptors = descriptors();
    }

    /** Waits for calls of the good client, begun after this. */
    private static void servedOn() {
        long before = SERVED.get();
        await(() -> SERVED.get() >= before + 2);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) {
        try {
            while (!condition.holds()) {
                assertThat(failure).as("of the good client").isNull();
                LockSupport.parkNanos(50_000);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "fd"))) {
            return files.count();
        }
    }

    /** Threads of the library; the JVM's own come and go. */
    private static long threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(daemon.pid()), "task"))) {
            return tasks.filter(HostileClientsTest::isOurs).count();
        }
    }

    private static boolean isOurs(Path task) {
        try {
            return Files.readString(task.resolve("comm")).startsWith("auto-daemon");
        } catch (IOException e) {
            // It has just ended.
            return false;
        }
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (RawPeer peer : peers) {
            peer.close();
        }
        servedOn();
        await(() -> {
            DaemonStatus status = lab.status().orElseThrow();
            return status.clients() == 1
                    && status.references() == 1
                    && status.calls() <= 1
                    && status.streams() == 0
                    && status.pid() == daemon.pid();
        });
        await(() -> descriptors() <= descriptors);
    }

    @AfterAll
    static void theDaemonIsAsItWas() throws Exception {
        try {
            // Idle workers leave after ten seconds.
            await(() -> threads() <= FEW_THREADS);
            over = true;
            caller.join();
            assertThat(failure).isNull();
            assertThat(good.rpc().get()).isEqualTo(SERVED.get());
            assertThat(good.rpc().clients()).isEqualTo(1);
            assertThat(good.rpc().pid()).isEqualTo(daemon.pid());
            assertThat(peakKilobytes()).isLessThan(HEAP_KILOBYTES + REST_OF_JVM_KILOBYTES);
            assertThat(lab.log())
                    .content()
                    .doesNotContain("OutOfMemoryError", "StackOverflowError", "the server's loop");
        } finally {
            over = true;
            good.close();
            SCRATCH.remove();
        }
    }

    private static long peakKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(daemon.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private RawPeer peer() throws IOException {
        RawPeer peer = new RawPeer(SCRATCH.socket());
        peers.add(peer);
        return peer;
    }

    private static byte[] valid() {
        return RawPeer.joined(
                Frame.of(0, Frame.NEW),
                RawPeer.control("[\"hello\",[{\"autodaemon\":1,\"role\":\"client\",\"pid\":1}],2]"),
                Frame.of(1, Frame.NEW),
                RawPeer.call(CALL));
    }

    /** Repeats it until the daemon does not read on, or has read far more than it could keep. */
    private static void flood(RawPeer peer, byte[] one) throws IOException {
        byte[] many = new byte[one.length * Math.max(1, (1 << 17) / one.length)];
        for (int i = 0; i < many.length; i++) {
            many[i] = one[i % one.length];
        }
        ByteBuffer bytes = ByteBuffer.wrap(many);
        long sent = 0;
        int refusals = 0;
        while (refusals < 20 && sent < 2 * HEAP_KILOBYTES * 1024) {
            int count = peer.offer(bytes);
            sent += count;
            if (!bytes.hasRemaining()) {
                bytes.rewind();
            }
            if (count == 0) {
                // The loop has turned since, for all connections.
                servedOn();
                refusals++;
            } else {
                refusals = 0;
            }
        }
    }

    @Test
    void partsOfWhatWouldBeValid() throws IOException {
        byte[] whole = valid();
        for (int size = 0; size < whole.length; size++) {
            assertThat(peer().send(Arrays.copyOf(whole, size))).isTrue();
        }
        servedOn();
    }

    @Test
    void aByteAtATime() throws IOException {
        RawPeer slow = peer();
        for (byte one : valid()) {
            assertThat(slow.send(one)).isTrue();
            servedOn();
        }
        assertThat(slow.answer(0)).isEqualTo("[[null,\"x\"],2]");
    }

    @Test
    void tenThousandConnectAndClose() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            new RawPeer(SCRATCH.socket()).close();
        }
    }

    @Test
    void halfOfALongLineAndGone() throws IOException {
        byte[] half = RawPeer.joined(RawPeer.opening(), Frame.header(1, Frame.DATA, 1 << 30), new byte[1_000_000]);
        for (int i = 0; i < 200; i++) {
            try (RawPeer peer = new RawPeer(SCRATCH.socket())) {
                assertThat(peer.send(half)).isTrue();
            }
        }
    }

    @Test
    void aLineThatDoesNotEnd() throws IOException {
        for (int channel = 0; channel < 2; channel++) {
            RawPeer peer = peer();
            peer.send(RawPeer.joined(
                    RawPeer.opening(), Frame.header(channel, Frame.DATA, 1L << 40), new byte[(1 << 20) + 1]));
            peer.awaitEnd();
        }
    }

    @Test
    void answersToNothingAndFramesForNobody() throws IOException {
        RawPeer peer = peer();
        assertThat(peer.send(RawPeer.opening())).isTrue();
        for (int id = 0; id < 5000; id++) {
            byte[] answer = RawPeer.joined(
                    RawPeer.call("[[null,1]," + id + "]"),
                    RawPeer.control("[[null,1],\"" + id + "\"]"),
                    Frame.of(id + 2, Frame.DATA, (byte) 1),
                    Frame.of(id + 2, id % 8, (byte) 2));
            // Type 0 of channel 8 opens one that nobody expects; none of the others is open.
            assertThat(peer.send(answer)).isTrue();
        }
        assertThat(peer.send(RawPeer.call(CALL))).isTrue();
        assertThat(peer.answer(0)).isEqualTo("[[\"x\"],2]");
    }

    @Test
    void thousandsOfChannels() throws IOException {
        RawPeer peer = peer();
        assertThat(peer.send(RawPeer.opening())).isTrue();
        for (int number = 2; number < 50_000; number++) {
            assertThat(peer.send(Frame.of(number, Frame.NEW, ("n".repeat(200) + number).getBytes(UTF_8))))
                    .isTrue();
        }
        assertThat(peer.send(RawPeer.call(CALL))).isTrue();
        assertThat(peer.answer(0)).isEqualTo("[[\"x\"],2]");
    }

    @Test
    void streamsOverTheLimit() throws IOException {
        RawPeer peer = peer().reading();
        assertThat(peer.send(RawPeer.opening())).isTrue();
        for (int name = 2; name < 5000; name++) {
            assertThat(peer.send(RawPeer.control("[\"open\",[\"" + name + "\",\"sink\",[]],-1]")))
                    .isTrue();
        }
        await(() -> lab.status().orElseThrow().streams() == MOST_STREAMS);
    }

    @Test
    void streamsOverTheLimitThatNobodyReads() throws IOException {
        RawPeer peer = peer();
        assertThat(peer.send(RawPeer.opening())).isTrue();
        for (int name = 2; name < MOST_STREAMS + 2; name++) {
            assertThat(peer.send(RawPeer.control("[\"open\",[\"" + name + "\",\"sink\",[]],-1]")))
                    .isTrue();
        }
        flood(peer, RawPeer.control("[\"open\",[\"one more\",\"sink\",[]],-1]"));
    }

    @Test
    void answersThatNobodyReads() throws IOException {
        RawPeer peer = peer();
        assertThat(peer.send(RawPeer.opening())).isTrue();
        flood(peer, RawPeer.call("[\"fail\",[\"" + "x".repeat(1000) + "\"],2]"));
        RawPeer other = peer();
        assertThat(other.send(RawPeer.opening())).isTrue();
        flood(other, RawPeer.control("[\"no such request\",[],2]"));
    }

    /** Sends all of it that is taken before the daemon hangs up, or reads no more. */
    private static void offer(RawPeer peer, byte[] all) {
        ByteBuffer bytes = ByteBuffer.wrap(all);
        int refusals = 0;
        try {
            while (bytes.hasRemaining() && refusals < 5) {
                refusals = peer.offer(bytes) == 0 ? refusals + 1 : 0;
                // The loop has turned since, for all connections.
                servedOn();
            }
        } catch (IOException e) {
            // It has lost its connection.
            assertThat(e).hasMessage("Broken pipe");
        }
    }

    /** None of them is over its own limit. */
    @Test
    void answersThatNobodyReadsOfManyClients() throws IOException {
        byte[] call = RawPeer.call("[\"later\",[\"" + "x".repeat(400_000) + "\"],2]");
        byte[] calls = RawPeer.joined(RawPeer.opening(), call, call, call, call, call);
        for (int i = 0; i < MANY; i++) {
            offer(peer(), calls);
        }
    }

    @Test
    void halvesOfLongLinesOfManyClients() throws IOException {
        byte[] half = RawPeer.joined(RawPeer.opening(), Frame.header(1, Frame.DATA, 1 << 20), new byte[1_000_000]);
        for (int i = 0; i < 2 * MANY; i++) {
            offer(peer(), half);
        }
        // Whoever got no further makes room.
        RawPeer other = peer();
        assertThat(other.send(RawPeer.joined(
                        RawPeer.opening(), RawPeer.call("[\"later\",[\"" + "x".repeat(900_000) + "\"],2]"))))
                .isTrue();
        assertThat(other.answer(0)).hasSize(900_008);
    }

    /** They leave some to the next. */
    @Test
    void streamsOfManyClients() throws IOException {
        for (int i = 0; i < 3; i++) {
            RawPeer peer = peer().reading();
            assertThat(peer.send(RawPeer.opening())).isTrue();
            for (int name = 2; name < MOST_STREAMS + 2; name++) {
                assertThat(peer.send(RawPeer.control("[\"open\",[\"" + name + "\",\"sink\",[]],-1]")))
                        .isTrue();
            }
            await(() -> lab.status().orElseThrow().waiting() <= 1);
            assertThat(lab.status().orElseThrow().streams()).isLessThan(2 * MOST_STREAMS);
        }
        int streams = lab.status().orElseThrow().streams();
        RawPeer other = peer().reading();
        assertThat(other.send(RawPeer.opening())).isTrue();
        assertThat(other.send(RawPeer.control("[\"open\",[\"2\",\"sink\",[]],-1]")))
                .isTrue();
        await(() -> lab.status().orElseThrow().streams() == streams + 1);
    }

    @Test
    void callsThatWaitForFutures() throws IOException {
        RawPeer peer = peer();
        assertThat(peer.send(RawPeer.opening())).isTrue();
        for (int i = 0; i < 5000; i++) {
            assertThat(peer.send(RawPeer.call("[\"gate\",[]," + i + "]"))).isTrue();
        }
        servedOn();
    }

    @Test
    void aStormOfResets() throws IOException {
        RawPeer peer = peer().reading();
        assertThat(peer.send(RawPeer.opening())).isTrue();
        for (int name = 2; name < 5000; name++) {
            assertThat(peer.send(RawPeer.joined(
                            RawPeer.control("[\"open\",[\"" + name + "\",\"echo\",[]],-1]"),
                            Frame.of(name, Frame.NEW),
                            Frame.of(name, Frame.DATA, new byte[100]),
                            Frame.of(name, Frame.RESET, (byte) 'w'))))
                    .isTrue();
        }
    }

    @Test
    void bombs() throws IOException {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            keys.append(i == 0 ? "" : ",").append('"').append(i).append("\":0");
        }
        List<String> bombs = List.of(
                "[".repeat(500_000),
                "[\"add\",[" + "{\"a\":".repeat(100_000),
                "[\"add\",[" + "9".repeat(900_000) + "],2]",
                "[\"add\",[1e999999999],2]",
                "[\"add\",[1E-2147483647],2]",
                "[\"mirror\",[{" + keys + "}],2]",
                "[\"nested\",[{\"a\":[" + "1,".repeat(200_000) + "1]}],2]",
                "[\"add\",[\"" + "\\u0000".repeat(150_000) + "\"],2]",
                "[\"" + "m".repeat(900_000) + "\",[],2]");
        for (String bomb : bombs) {
            for (byte[] frames : List.of(RawPeer.call(bomb), RawPeer.control(bomb))) {
                RawPeer peer = peer().reading();
                peer.send(RawPeer.joined(RawPeer.opening(), frames));
            }
            servedOn();
        }
    }

    @Test
    void bytesThatAreNoText() throws IOException {
        byte[] bytes = "[\"later\",[\"????\"],2]\n".getBytes(UTF_8);
        byte[] bad = {(byte) 0xc0, (byte) 0x80, (byte) 0xff, (byte) 0xed};
        System.arraycopy(bad, 0, bytes, 11, bad.length);
        RawPeer peer = peer();
        assertThat(peer.send(
                        RawPeer.joined(RawPeer.opening(), Frame.of(5, Frame.NEW, bad), Frame.of(1, Frame.DATA, bytes))))
                .isTrue();
        assertThat(peer.answer(0)).isEqualTo("[[\"\ufffd\ufffd\ufffd\ufffd\"],2]");
    }

    @Test
    void anyBytes() throws IOException {
        Random random = new Random(1807);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[1 + random.nextInt(4000)];
            random.nextBytes(bytes);
            byte[] said = i % 2 == 0 ? bytes : RawPeer.joined(RawPeer.opening(), bytes);
            try (RawPeer peer = new RawPeer(SCRATCH.socket())) {
                peer.reading().send(said);
            }
        }
    }

    @Test
    void somethingValidWithAByteChanged() throws IOException {
        Random random = new Random(1808);
        byte[] valid = valid();
        for (int i = 0; i < valid.length; i++) {
            byte[] changed = valid.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            peer().reading().send(changed);
        }
        servedOn();
    }
}
