package io.github.autodaemon.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.bench.peer.Driver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each peer can do what it is measured at. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeersTest {
    private final List<Process> started = new ArrayList<>();
    private Path home;

    @BeforeEach
    void makeDirectory() throws IOException {
        // Short: a socket's path has about a hundred bytes.
        home = Files.createTempDirectory(Path.of("/tmp"), "peers");
    }

    @AfterEach
    void endAll() throws IOException {
        started.forEach(Process::destroyForcibly);
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private Process start(String... words) throws IOException {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path")),
                        Stream.of(words))
                .toList();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process;
    }

    @ParameterizedTest
    @ValueSource(classes = {Grpc.class, Lsp4j.class, Rmi.class})
    void callsAndOverlappingCallsAndTexts(Class<?> peer) throws Exception {
        Path socket = home.resolve("s");
        Process server = start(peer.getName() + "$Server", socket.toString());
        BufferedReader ready = server.inputReader();
        assertThat(ready.readLine()).isEqualTo("ready " + server.pid());

        Process driver = start(Driver.class.getName(), peer.getName(), socket.toString());
        try (Writer in = driver.outputWriter();
                BufferedReader out = driver.inputReader()) {
            assertThat(out.readLine()).isEqualTo("ready " + driver.pid());
            in.write("calls 5\npipelined 64 8\nthreads 8 4\nitems 3\ntext 100000 2\n"
                    + (peer == Grpc.class ? "bytes 1000000\n" : ""));
            in.flush();
            assertThat(out.readLine().split(" ")).hasSize(Driver.QUANTILES.size());
            for (int i = 0; i < (peer == Grpc.class ? 5 : 4); i++) {
                assertThat(out.readLine()).matches("\\d+");
            }
        }
        assertThat(driver.waitFor()).isZero();

        // 0 to 4, and 64 calls: 0 to 63 in one window, or 0 to 7 in each of 8 threads; 0 and 1 in each of 4 threads.
        int sum = 10 + 4 + (peer == Rmi.class ? 8 * 28 : 2016) + 1;
        Process command = start(peer.getName(), socket.toString(), "1");
        assertThat(command.inputReader().readLine()).isEqualTo(Integer.toString(sum));
        assertThat(command.waitFor()).isZero();

        server.getOutputStream().close();
        assertThat(server.waitFor()).isZero();
    }
}
