package io.github.autodaemon.warm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.warm.WarmScene.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The recipes of docs/warm.md, as they stand there. */
@Timeout(240)
class RecipesTest {
    private static final String UGLY = "class A%d {int   a;}\n";
    private static final String FINE = "class A%d {\n  int a;\n}\n";

    @RegisterExtension
    final WarmScene scene = new WarmScene();

    @BeforeEach
    void formatter() throws Exception {
        scene.write(List.of(
                "java",
                "-jar",
                Path.of("target/tools/google-java-format.jar").toAbsolutePath().toString()));
        Files.createSymbolicLink(scene.directory().resolve("bin/gjf"), scene.script());
        Files.createDirectories(scene.work().resolve("src"));
    }

    private static String recipe(String language, int number) throws Exception {
        Matcher blocks = Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(Files.readString(Path.of("../docs/warm.md")));
        List<String> found = new ArrayList<>();
        while (blocks.find()) {
            found.add(blocks.group(1));
        }
        return found.get(number);
    }

    private void ugly(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Files.writeString(source(i), UGLY.formatted(i));
        }
    }

    private Path source(int number) {
        return scene.work().resolve("src/A" + number + ".java");
    }

    private Ran run(String... command) throws Exception {
        ProcessBuilder builder = scene.process(List.of(command));
        builder.environment().merge("PATH", scene.directory() + "/bin", (path, bin) -> bin + ":" + path);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        return scene.run(builder, "");
    }

    private void assertFormatted(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(source(i)).hasContent(FINE.formatted(i));
        }
    }

    @Test
    void aHookThatFormatsWhatIsStaged() throws Exception {
        assertThat(run("git", "init", "-q", ".").code()).isZero();
        Path hook = scene.work().resolve(".git/hooks/pre-commit");
        Files.createDirectories(scene.work().resolve(".git/hooks"));
        Files.writeString(hook, recipe("sh", 0));
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        ugly(3);
        assertThat(run("git", "add", "src/A0.java", "src/A1.java").code()).isZero();
        Ran commit = run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x");
        assertThat(commit.code()).as(commit.err()).isZero();
        assertFormatted(2);
        assertThat(source(2)).hasContent(UGLY.formatted(2));
        assertThat(run("git", "show", "HEAD:src/A1.java").out()).isEqualTo(FINE.formatted(1));
        assertThat(run("git", "status", "--porcelain").out()).isEqualTo("?? src/A2.java\n");

        Files.writeString(source(0), "class {");
        assertThat(run("git", "add", "src/A0.java").code()).isZero();
        assertThat(run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "y")
                        .code())
                .isNotZero();
    }

    @Test
    void aLoop() throws Exception {
        ugly(12);
        Ran looped = run("sh", "-c", recipe("sh", 1));
        assertThat(looped).isEqualTo(new Ran(0, "", ""));
        assertFormatted(12);
    }

    @Test
    void make() throws Exception {
        ugly(8);
        Files.writeString(scene.work().resolve("Makefile"), recipe("make", 0));
        Ran made = run("make", "-sj2", "format");
        assertThat(made).isEqualTo(new Ran(0, "", ""));
        assertFormatted(8);
    }
}
