package io.github.autodaemon.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few bytes of a hostile peer cost a daemon no memory and nobody else the service. Each of them ends npm's daemon. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostileFramesTest {
    private static final long HEAP_KILOBYTES = 32 * 1024;
    private static final long REST_OF_JVM_KILOBYTES = 128 * 1024;

    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Connection<Workshop> good;
    private RawClient raw;

    @BeforeEach
    void connect() throws IOException {
        good = workplace.connect(small());
        raw = workplace.closeLater(new RawClient(workplace.socket()));
    }

    private AutoDaemonBuilder<Workshop> small() {
        return workplace.javaDaemon().jvmOptions("-Xmx32m");
    }

    @AfterEach
    void othersAreServedOn() throws IOException {
        assertThat(good.rpc().add(1)).isEqualTo(1);
        assertThat(workplace.connect(small()).rpc().add(1)).isEqualTo(2);
        assertThat(workplace.daemon().pid()).isEqualTo(good.rpc().pid());
        assertThat(peakKilobytes(workplace.daemon())).isLessThan(HEAP_KILOBYTES + REST_OF_JVM_KILOBYTES);
    }

    /** The most memory the process ever had resident. */
    private static long peakKilobytes(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private void isServed() throws IOException {
        raw.opened().text("[\"echo\",[1],2]\n");
        assertThat(raw.reply()).isEqualTo("[[1],2]");
    }

    @Test
    void theHighestChannelNumber() throws IOException {
        raw.frame((1 << 28) - 1, RawClient.NEW);
        isServed();
    }

    @Test
    void aChannelNumberThatIsTooHigh() throws IOException {
        raw.frame(1L << 28, RawClient.NEW).awaitClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"toString", "__proto__", "constructor"})
    void aChannelWithANameOfTheLanguage(String name) throws IOException {
        raw.frame(5, RawClient.NEW, name.getBytes(UTF_8)).frame(5, RawClient.DATA, new byte[1000]);
        isServed();
    }

    @Test
    void aNameOfATerabyte() throws IOException {
        raw.raw(RawClient.header(5, RawClient.NEW, 1L << 40)).awaitClosed();
    }

    @Test
    void twoGigabytesAnnouncedForAnUnknownChannel() throws IOException {
        raw.raw(RawClient.header(77, RawClient.DATA, 1L << 31)).raw(new byte[100_000]);
        assertThat(good.rpc().echo("meanwhile")).isEqualTo("meanwhile");
    }

    @Test
    void aTerabyteAnnouncedForTheChannelOfCalls() throws IOException {
        raw.opened().raw(RawClient.header(RawClient.CALLS, RawClient.DATA, 1L << 40));
        raw.raw("[\"echo\",[1],2]\n".getBytes(UTF_8));
        assertThat(raw.reply()).isEqualTo("[[1],2]");
    }

    @ParameterizedTest
    @ValueSource(ints = {RawClient.RESET, RawClient.RESET_BY_RECEIVER})
    void aTerabyteOfReasonForAReset(int type) throws IOException {
        raw.raw(RawClient.header(77, type, 1L << 40)).raw(new byte[1 << 20]);
        assertThat(good.rpc().echo("meanwhile")).isEqualTo("meanwhile");
    }

    @Test
    void aNumberThatDoesNotEnd() throws IOException {
        byte[] bytes = new byte[200];
        java.util.Arrays.fill(bytes, (byte) 0x80);
        raw.raw(bytes).awaitClosed();
    }

    @ParameterizedTest
    @ValueSource(ints = {RawClient.RESET, RawClient.RESET_BY_RECEIVER})
    void aResetOfTheChannelOfCallsEndsItsOwnConnection(int type) throws IOException {
        isServed();
        raw.frame(RawClient.CALLS, type).awaitClosed();
    }

    @Test
    void manyBytesOnAChannelThatNobodyExpectsHoldNothingUp() throws IOException {
        raw.frame(9, RawClient.NEW).frame(9, RawClient.DATA, new byte[200_000]);
        isServed();
    }
}
