package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a daemon has of the program that started it. */
@Timeout(60)
class DetachedTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    @Test
    void nothingOfTheClientSurvivesInTheDaemon() throws Exception {
        try (Connection<Lab> connection = scratch.lab().build().connect()) {
            long pid = connection.rpc().pid();
            assertThat(connection.rpc().workingDirectory()).isEqualTo("/");
            assertThat(connection.rpc().environment())
                    .doesNotContainKeys("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")
                    .containsKey("PATH");
            List<String> stat = List.of(Files.readString(Path.of("/proc/" + pid + "/stat"))
                    .replaceAll(".*\\) ", "")
                    .split(" "));
            // Fields 5 and 6 of proc(5) are the process group and the session.
            assertThat(stat.get(2)).isEqualTo(Long.toString(pid));
            assertThat(stat.get(3)).isEqualTo(Long.toString(pid));
            assertThat(Files.readString(Path.of("/proc/" + pid + "/status"))).contains("Umask:\t0077");
            Path descriptors = Path.of("/proc/" + pid + "/fd");
            assertThat(Files.readSymbolicLink(descriptors.resolve("0"))).isEqualTo(Path.of("/dev/null"));
            assertThat(Files.readSymbolicLink(descriptors.resolve("1"))).isEqualTo(Path.of("/dev/null"));
            assertThat(Files.readSymbolicLink(descriptors.resolve("2")))
                    .isEqualTo(scratch.directory().resolve("s.log"));
            try (Stream<Path> all = Files.list(descriptors)) {
                assertThat(all.map(DetachedTest::target).filter(target -> target.startsWith("pipe:")))
                        .isEmpty();
            }
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (java.io.IOException e) {
            return "closed meanwhile";
        }
    }

    @Test
    void environmentAndWorkingDirectoryCanBeChosen() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab()
                .environment(Map.of("ONLY", "this"))
                .workingDirectory(scratch.directory())
                .build();
        try (Connection<Lab> connection = lab.connect()) {
            assertThat(connection.rpc().environment())
                    .containsEntry("ONLY", "this")
                    .doesNotContainKey("HOME");
            assertThat(connection.rpc().workingDirectory())
                    .isEqualTo(scratch.directory().toString());
        }
    }

    @Test
    void theJavaHomeCanBeChosen() throws Exception {
        Path home = Path.of(System.getProperty("java.home"));
        Path link = Files.createSymbolicLink(scratch.directory().resolve("java"), home);
        try (Connection<Lab> connection = scratch.lab().javaHome(link).build().connect()) {
            String command =
                    Files.readString(Path.of("/proc/" + connection.rpc().pid() + "/cmdline"));
            assertThat(command).startsWith(link.resolve("bin/java").toString());
            assertThat(command).contains(scratch.socket().toString());
        }
    }
}
