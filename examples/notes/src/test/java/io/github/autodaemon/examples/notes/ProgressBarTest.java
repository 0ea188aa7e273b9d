package io.github.autodaemon.examples.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static String shown(boolean terminal, int... doneAndTotal) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        ProgressBar bar = new ProgressBar(new PrintStream(shown, true, StandardCharsets.UTF_8), terminal);
        for (int i = 0; i < doneAndTotal.length; i += 2) {
            bar.show(doneAndTotal[i], doneAndTotal[i + 1]);
        }
        bar.end();
        return shown.toString(StandardCharsets.UTF_8);
    }

    @Test
    void onATerminalALineThatGrowsAndThenIsFree() {
        assertThat(shown(true, 0, 4, 1, 4, 4, 4))
                .isEqualTo("\r[" + ".".repeat(40) + "]   0% 0 of 4 files"
                        + "\r[##########" + ".".repeat(30) + "]  25% 1 of 4 files"
                        + "\r[" + "#".repeat(40) + "] 100% 4 of 4 files"
                        + "\r\033[K");
    }

    @Test
    void inAPipeALineForEachTenth() {
        assertThat(shown(false, 0, 20, 1, 20, 2, 20, 3, 20, 20, 20, 20, 20))
                .isEqualTo("notes: 2 of 20 files\nnotes: 20 of 20 files\n");
    }

    @Test
    void fewFilesAreNotWorthALine() {
        assertThat(shown(false, 0, 3, 3, 3)).isEmpty();
        assertThat(shown(true, 0, 0)).isEmpty();
    }
}
