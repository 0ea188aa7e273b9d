package io.github.autodaemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Duplex;
import io.github.autodaemon.Rpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Our client uses streams of a daemon that npm's {@code run.js} runs. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmDaemonStreamsTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Workshop connect() {
        return workplace.connect(workplace.npmDaemon()).rpc();
    }

    @Test
    void bytesGoBothWays() throws IOException {
        try (Duplex mirror = connect().mirror()) {
            mirror.output().write("grüße".getBytes(UTF_8));
            mirror.output().close();
            assertThat(new String(mirror.input().readAllBytes(), UTF_8)).isEqualTo("grüße");
        }
    }

    @Test
    void streamsByNameAreTheSame() throws IOException {
        Rpc rpc = workplace
                .connect(workplace.npmDaemon(NpmPackages.script("workshop.js"), "mirror:s", "bytes:s"))
                .rpc();
        try (Duplex mirror = rpc.stream("mirror")) {
            mirror.output().write("text".getBytes(UTF_8));
            assertThat(mirror.input().readNBytes(4)).isEqualTo("text".getBytes(UTF_8));
        }
        try (Duplex bytes = rpc.stream("bytes", 300_000)) {
            assertThat(Pattern.digest(bytes.input())).isEqualTo(Pattern.digest(300_000));
        }
    }

    @Test
    void thisSideEndsFirstAndTheOtherAnswersThen() throws IOException {
        try (Duplex digest = connect().digest()) {
            digest.output().write("ab".getBytes(UTF_8));
            digest.output().write("c".getBytes(UTF_8));
            digest.output().close();
            assertThat(new String(digest.input().readAllBytes(), UTF_8))
                    .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        }
    }

    @Test
    void theOtherSideEndsFirstAndThisOneGoesOn() throws IOException {
        Workshop workshop = connect();
        try (Duplex collect = workshop.collect()) {
            collect.output().write("before".getBytes(UTF_8));
            assertThat(collect.input().readAllBytes()).isEmpty();
            collect.output().write(" and after".getBytes(UTF_8));
        }
        assertThat(workshop.collected()).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo((long)
                "before and after".length());
    }

    @Test
    void eightStreamsAndCallsShareAConnection() {
        Workshop workshop = connect();
        List<CompletableFuture<String>> digests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            digests.add(Transfer.start(workshop.mirror(), 2_000_000 + i));
        }
        for (int i = 1; i <= 100; i++) {
            assertThat(workshop.add(1)).isEqualTo(i);
        }
        for (int i = 0; i < 8; i++) {
            assertThat(digests.get(i)).succeedsWithin(60, TimeUnit.SECONDS).isEqualTo(Pattern.digest(2_000_000 + i));
        }
    }

    @Test
    void aHundredMegabytesComeBackUnharmed() {
        assertThat(Transfer.start(connect().mirror(), 100_000_000))
                .succeedsWithin(90, TimeUnit.SECONDS)
                .isEqualTo(Pattern.digest(100_000_000));
    }

    /** The end of a direction that such a stream does not have would end npm's daemon. */
    @Test
    void aReadableThatIsNoDuplexIsReadAndClosed() throws IOException {
        Rpc rpc = workplace
                .connect(workplace.npmDaemon(NpmPackages.script("workshop.js"), "readable:s", "add"))
                .rpc();
        try (Duplex readable = rpc.stream("readable")) {
            assertThat(readable.input().readAllBytes()).isEqualTo("read".getBytes(UTF_8));
        }
        assertThat(rpc.call("add", 1)).isEqualTo(1L);
    }

    /** A reset of a stream that is busy would end npm's daemon. */
    @Test
    void aCancelledStreamHarmsNothing() throws IOException {
        Workshop workshop = connect();
        Duplex mirror = workshop.mirror();
        mirror.output().write("text".getBytes(UTF_8));
        assertThat(mirror.input().readNBytes(4)).isEqualTo("text".getBytes(UTF_8));
        mirror.cancel("enough");
        assertThat(workshop.add(1)).isEqualTo(1);
        Duplex bytes = workshop.bytes(100_000_000);
        assertThat(bytes.input().readNBytes(100_000)).hasSize(100_000);
        bytes.cancel("enough");
        assertThat(workshop.add(1)).isEqualTo(2);
    }
}
