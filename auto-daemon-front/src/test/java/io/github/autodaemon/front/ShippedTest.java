package io.github.autodaemon.front;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.autodaemon.front.Desk.Running;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in the jar. */
@Timeout(120)
class ShippedTest {
    private static final int SMALL = 100_000;

    @RegisterExtension
    final Desk desk = new Desk();

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64"})
    void hasItsSumAndOneMarker(String machine) throws Exception {
        byte[] file;
        String sums;
        try (InputStream in = Build.resource("front-" + machine);
                InputStream list = Build.resource("front.sums")) {
            file = in.readAllBytes();
            sums = new String(list.readAllBytes(), UTF_8);
        }
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        assertThat(sums).contains(sum + "  front-" + machine + "\n");
        String text = new String(file, ISO_8859_1);
        String marker = "AUTODAEMON-FRONT-SETTINGS-V1:";
        int at = text.indexOf(marker);
        assertThat(at).isPositive();
        assertThat(text.indexOf(marker, at + 1)).isNegative();
        assertThat(text.substring(at + marker.length(), at + 4096)).matches("\0*");
        assertThat(text).doesNotContain("front.c", "/home/", "/usr/lib");
        assertThat(file).hasSizeLessThan(SMALL);
    }

    /** What is in the jar is what is in the source. */
    @Test
    void isBuiltFromTheSource() throws Exception {
        Tools.need("musl-gcc");
        Process build = new ProcessBuilder(Build.script().toString(), "--check")
                .redirectErrorStream(true)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), UTF_8);
        assertThat(build.waitFor()).as(said).isZero();
        assertThat(said).contains("front-x86_64 ", "front-aarch64 ");
    }

    @Test
    void runsOnTheOtherMachine() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"));
        String qemu = Tools.need("qemu-aarch64-static").toString();
        ProcessBuilder builder = desk.process(List.of(
                qemu,
                Build.shipped("aarch64").toString(),
                desk.stamp().toString(),
                desk.script().toString(),
                "x"));
        Running running = new Running(builder.start());
        try (FakeDaemon.Front front = desk.daemon().next()) {
            front.hello();
            assertThat(front.command().get("args")).hasToString("[\"x\"]");
            front.accepted();
            front.send(FakeDaemon.read(100));
            running.type("input\n");
            assertThat(front.piece().text()).isEqualTo("input\n");
            front.send(
                    FakeDaemon.piece(FakeDaemon.STDOUT, "out\n".getBytes(UTF_8)),
                    FakeDaemon.piece(FakeDaemon.STDERR, "err\n".getBytes(UTF_8)));
            running.awaitOut("out\n");
            assertThat(new ProcessBuilder("kill", "-TERM", Long.toString(running.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            assertThat(front.piece().all()).isEqualTo("2 15");
            front.exit(9);
        }
        assertThat(running.code()).isEqualTo(9);
        assertThat(running.err()).isEqualTo("err\n");
        builder.environment().put("AUTODAEMON", "off");
        running = Desk.start(builder);
        assertThat(running.code()).isEqualTo(Desk.COLD);
        assertThat(running.out()).isEqualTo("cold cold 1\n<x>\n");
    }
}
