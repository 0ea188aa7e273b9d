package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names as they are shown, and as they can be written. */
class NamesTest {
    private static final String LONG = "notes__home_me_.cache_notes~0123456789abcdef";

    @Test
    void asTheyAreShown() {
        assertThat(Names.of(Path.of("/run/x/desk.sock"))).isEqualTo("desk");
        assertThat(Names.of(Path.of("/run/x/.sock"))).isEqualTo(".sock");
        assertThat(Names.of(Path.of("/run/x/mine"))).isEqualTo("mine");
        assertThat(Names.shown(LONG)).isEqualTo("notes~0123");
        assertThat(Names.shown("my_tool_~0123456789abcdef")).isEqualTo("my_tool_~0123");
        assertThat(Names.shown("__~0123456789abcdef")).isEqualTo("__~0123");
        assertThat(Names.shown("desk")).isEqualTo("desk");
        assertThat(Names.shown("counter+0123456789abcdef0123456789abcdef")).isEqualTo("counter+0123");
        assertThat(Names.shown("a+b")).isEqualTo("a+b");
        assertThat(Names.shown("a~0123456789abcdeg")).isEqualTo("a~0123456789abcdeg");
        assertThat(Names.shown("~0123456789abcdef")).isEqualTo("~0123456789abcdef");
    }

    @Test
    void twoAreNotShownAlike() {
        List<String> names = List.of(LONG, "notes__home_you~0123f56789abcdef", "desk");
        assertThat(Names.shown(LONG, names)).isEqualTo("notes~01234");
        assertThat(Names.shown(names.get(1), names)).isEqualTo("notes~0123f");
        assertThat(Names.shown("desk", names)).isEqualTo("desk");
    }

    @Test
    void asTheyCanBeWritten() {
        for (String written :
                List.of("n", "notes", "notes__home", "notes~0", "notes~0123", "notes~0123456789abcdef", LONG)) {
            assertThat(Names.canMean(written, LONG)).as(written).isTrue();
        }
        for (String written : List.of("", "otes", "notes~1", "note~0123", "~0123", "notes~0123456789abcdef0")) {
            assertThat(Names.canMean(written, LONG)).as(written).isFalse();
        }
        assertThat(Names.canMean("de", "desk")).isTrue();
        assertThat(Names.canMean("counter+01", "counter+0123456789abcdef")).isTrue();
        assertThat(Names.canMean("counter+1", "counter+0123456789abcdef")).isFalse();
    }

    @Test
    void slips() {
        List<String> names = List.of("counter", "desk", "notes~0123");
        assertThat(Names.near("countr", names)).containsExactly("counter");
        assertThat(Names.near("cuonter", names)).containsExactly("counter");
        assertThat(Names.near("dsk", names)).containsExactly("desk");
        assertThat(Names.near("nothing", names)).isEmpty();
        assertThat(Names.near("x", names)).isEmpty();
    }
}
