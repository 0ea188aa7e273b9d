package io.github.autodaemon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ChildTest {
    @TempDir
    Path home;

    private Child child(String script) throws IOException {
        return new Child("a shell", List.of("sh", "-c", script), home.resolve("log"));
    }

    @Test
    void answersLinesAndEndsWithItsInput() throws Exception {
        Child child = child("echo hm; echo ready $$; while read a b; do echo $b 2.5; done");
        try (child) {
            assertThat(child.ask("calls 7")).containsExactly(7, 2.5);
        }
        assertThat(ProcessHandle.of(child.pid())).isEmpty();
    }

    @Test
    void whatItSaysOfAFailureIsToldAndItLivesOn() throws Exception {
        try (Child child = child("echo ready $$; read a; echo failed: broke; read a; echo 1")) {
            assertThatThrownBy(() -> child.ask("calls 7"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("a shell: calls 7: failed: broke");
            assertThat(child.ask("calls 7")).containsExactly(1);
        }
    }

    @Test
    void oneThatDoesNotStartSaysWhy() {
        assertThatThrownBy(() -> child("echo no such class >&2; exit 1"))
                .isInstanceOf(IOException.class)
                .hasMessage("a shell said nothing more: no such class");
    }
}
