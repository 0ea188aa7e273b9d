package io.github.autodaemon.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.front.Desk.Running;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged dialogues. There is no end of a command in them, so it is cold, or lost, and nothing else. */
@Timeout(120)
class FuzzTest {
    private static final int RUNS = 40;

    @RegisterExtension
    final Desk desk = new Desk();

    @BeforeEach
    void build() throws Exception {
        Desk unused = desk.with(Build.IMPATIENT);
    }

    private static byte[] before(Random random) {
        byte[] some = new byte[random.nextInt(300)];
        random.nextBytes(some);
        return FakeDaemon.join(
                random.nextBoolean() ? new byte[] {7, 0} : new byte[0],
                FakeDaemon.greeting(),
                FakeDaemon.join(new byte[] {10}, FakeDaemon.varint(some.length), some));
    }

    private static byte[] answers(Random random) {
        String[] lines = {"[\"leaving\",[0],-1]", "", "[[null],3]", "[[{\"message\":\"x\"}],2]", "[null,2]", "[[nul"};
        return FakeDaemon.join(FakeDaemon.frame(lines[random.nextInt(lines.length)]), FakeDaemon.acceptance());
    }

    private static byte[] pieces(Random random) {
        List<byte[]> all = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            byte[] some = new byte[random.nextInt(100)];
            random.nextBytes(some);
            all.add(
                    switch (random.nextInt(6)) {
                        case 0 -> FakeDaemon.piece(FakeDaemon.STDOUT, some);
                        case 1 -> FakeDaemon.piece(FakeDaemon.STDERR, some);
                        case 2 -> FakeDaemon.read(random.nextInt(70_000));
                        case 3 -> FakeDaemon.piece(FakeDaemon.TERMINAL, (byte) random.nextInt(4));
                        case 4 -> FakeDaemon.piece(FakeDaemon.HANDLED, (byte) random.nextInt(256));
                        default -> FakeDaemon.piece(random.nextInt(9), Arrays.copyOf(some, some.length % 9));
                    });
        }
        return FakeDaemon.join(all.toArray(new byte[0][]));
    }

    private static byte[] damaged(Random random, byte[] bytes) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = (byte) random.nextInt(256);
                case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> damaged = Arrays.copyOf(damaged, at);
                default ->
                    damaged = FakeDaemon.join(
                            Arrays.copyOf(damaged, at),
                            Arrays.copyOfRange(damaged, random.nextInt(at + 1), damaged.length));
            }
        }
        return damaged;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isColdOrLost(long seed) throws Exception {
        Random random = new Random(seed);
        int cold = 0;
        int lost = 0;
        for (int i = 0; i < RUNS; i++) {
            byte[] hello = before(random);
            byte[] answer = answers(random);
            byte[] pieces = pieces(random);
            switch (random.nextInt(3)) {
                case 0 -> hello = damaged(random, hello);
                case 1 -> answer = damaged(random, answer);
                default -> pieces = damaged(random, pieces);
            }
            Running running = desk.start("x");
            try (FakeDaemon.Front front = desk.daemon().next()) {
                front.send(hello);
                if (random.nextBoolean()) {
                    String unused = front.commandLine();
                }
                front.send(answer, pieces);
            } catch (IOException e) {
                // It was gone before all was said.
                assertThat(e).isNotNull();
            }
            int code = running.code();
            assertThat(running.err()).doesNotContain("Sanitizer", "runtime error");
            assertThat(code)
                    .as("run " + i + " of seed " + seed + ": " + running.err())
                    .isIn(Desk.COLD, 125);
            cold += code == Desk.COLD ? 1 : 0;
            lost += code == 125 ? 1 : 0;
        }
        assertThat(cold).isGreaterThan(RUNS / 10);
        assertThat(lost).isGreaterThan(RUNS / 10);
    }
}
