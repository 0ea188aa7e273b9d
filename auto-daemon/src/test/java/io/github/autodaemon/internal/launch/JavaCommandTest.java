package io.github.autodaemon.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaCommandTest {
    private static List<String> command(String... options) {
        return JavaCommand.of(null, "x.jar", List.of(options), null, "x.Service", List.of());
    }

    @Test
    void aDaemonBeginsWithASmallHeap() {
        assertThat(command()).contains("-Xms8m");
        assertThat(command("-Dx=y")).contains("-Xms8m");
    }

    /** A smaller maximum than the beginning would be refused by the JVM. */
    @Test
    void whoSizesTheHeapSizesAllOfIt() {
        assertThat(command("-Xmx6m")).doesNotContain("-Xms8m");
        assertThat(command("-XX:MaxHeapSize=6m")).doesNotContain("-Xms8m");
        assertThat(command("-XX:InitialRAMPercentage=1")).doesNotContain("-Xms8m");
    }

    /** Where the JVM knows how; another JVM than this one may not. */
    @Test
    void aDaemonGivesBackWhatCompilersHaveFreed() {
        boolean knows = Runtime.version().feature() >= 22;
        assertThat(command().stream().anyMatch(option -> option.startsWith("-XX:TrimNativeHeapInterval=")))
                .isEqualTo(knows);
        Path other = Path.of(System.getProperty("java.home"));
        assertThat(JavaCommand.of(other, "x.jar", List.of(), null, "x.Service", List.of()))
                .noneMatch(option -> option.contains("Trim"));
    }

    @Test
    void theCollectorIsTheUsersIfItIsNamed() {
        assertThat(command()).contains("-XX:+UseSerialGC");
        assertThat(command("-XX:+UseG1GC")).doesNotContain("-XX:+UseSerialGC");
    }
}
