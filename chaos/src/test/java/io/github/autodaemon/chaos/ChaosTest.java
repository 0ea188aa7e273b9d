package io.github.autodaemon.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short runs over the real thing. */
@Timeout(300)
class ChaosTest {
    /** Its path is short: a socket's path has a limit, which the usual temporary directory of a build may pass. */
    private Path parent = Path.of("/nowhere");

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void aDirectory() throws IOException {
        parent = Files.createTempDirectory(Path.of("/tmp"), "ct");
    }

    @AfterEach
    void noDirectory() throws IOException {
        FileSteps.delete(parent);
    }

    private Run run(String... words) throws IOException {
        RunLog log = new RunLog(new PrintStream(said, true, StandardCharsets.UTF_8), null);
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--directory";
        all[words.length + 1] = parent.toString();
        return new Run(Arguments.parse(all), log);
    }

    @Test
    void aShortRunIsCleanAndLeavesNothing() throws IOException {
        Run run = run("--steps", "45", "--seed", "3");
        assertThat(run.run()).as(() -> said.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("45 steps", "0 violations", "seed 3\n");
        assertThat(run.tally().acked).isPositive();
        assertThat(run.directory()).doesNotExist();
    }

    /** What a driver decides depends on its seed alone. */
    @Test
    void theSameSeedDecidesTheSame() {
        Dice dice = new Dice(7, 3, 11);
        Dice same = new Dice(7, 3, 11);
        Dice other = new Dice(8, 3, 11);
        List<Integer> numbers = dice.numbers(20);
        assertThat(same.numbers(20)).isEqualTo(numbers);
        assertThat(other.numbers(20)).isNotEqualTo(numbers);
    }

    /** A call is written into the ledger once more, behind everybody's back. */
    @Test
    void aPlantedViolationEndsTheRunAndIsKept() throws IOException, InterruptedException, ExecutionException {
        Run run = run("--steps", "1000", "--seed", "5");
        CompletableFuture<Boolean> clean = new CompletableFuture<>();
        Thread runner = new Thread(() -> {
            try {
                clean.complete(run.run());
            } catch (IOException | RuntimeException e) {
                clean.completeExceptionally(e);
            }
        });
        runner.start();
        Path ledger = run.directory().resolve("c1/ledger");
        Tail tail = new Tail(ledger);
        boolean planted = false;
        while (!planted && !clean.isDone()) {
            for (String line : tail.news()) {
                if (line.startsWith("call ") && !planted) {
                    plant(ledger, line);
                    planted = true;
                }
            }
            Thread.onSpinWait();
        }
        assertThat(clean.get()).isFalse();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("VIOLATION the call ", " ran twice", "1 violations", "what is left is in " + run.directory());
        assertThat(run.directory().resolve("evidence")).isNotEmptyFile();
        assertThat(Processes.naming(run.directory())).isEmpty();
        try (DirectoryStream<Path> journals =
                Files.newDirectoryStream(run.directory().resolve("c1"), "*.journal")) {
            assertThat(journals).isNotEmpty();
        }
    }

    private static void plant(Path ledger, String line) throws IOException {
        try (Lines lines = new Lines(ledger)) {
            lines.add(line);
        }
    }
}
