package io.github.autodaemon.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** What the fuzzer has found once, and what leads it to everything else, without the fuzzer. */
@Timeout(60)
class CorporaTest {
    private static final Path CORPORA = Path.of("src/test/resources/fuzz");

    /** Each target by the name of its corpus, which {@code fuzz/run} takes, too. */
    private static final Map<String, String> TARGETS = new TreeMap<>(Map.of(
            "frames", "io.github.autodaemon.internal.mux.FramesTarget",
            "json", "io.github.autodaemon.internal.json.JsonTarget",
            "session", "io.github.autodaemon.internal.rpc.SessionTarget",
            "greeting", "io.github.autodaemon.internal.launch.GreetingTarget",
            "server", "io.github.autodaemon.internal.server.ServerTarget"));

    @TestFactory
    List<DynamicContainer> everyInputOfEveryTarget() throws Exception {
        List<DynamicContainer> all = new ArrayList<>();
        for (Map.Entry<String, String> target : TARGETS.entrySet()) {
            Method method = Class.forName(target.getValue()).getMethod("fuzzerTestOneInput", byte[].class);
            List<DynamicTest> tests = new ArrayList<>();
            for (Path input : inputs(target.getKey())) {
                byte[] bytes = Files.readAllBytes(input);
                tests.add(dynamicTest(String.valueOf(input.getFileName()), () -> run(method, bytes)));
            }
            assertThat(tests).as("the corpus of " + target.getKey()).isNotEmpty();
            all.add(dynamicContainer(target.getKey(), tests));
        }
        return all;
    }

    private static void run(Method target, byte[] bytes) throws Throwable {
        try {
            target.invoke(null, (Object) bytes);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static List<Path> inputs(String target) throws IOException {
        try (Stream<Path> files = Files.list(CORPORA.resolve(target))) {
            return files.sorted().toList();
        }
    }
}
