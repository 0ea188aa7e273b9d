package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.autodaemon.cli.Scene.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.AutoComplete;

/** The tool that is kept warm is one of picocli's. */
@Timeout(120)
class WarmTest {
    private static final String JAVA = "java";
    private static final String NAME = "pa";

    @RegisterExtension
    final Scene scene = new Scene();

    private Path out = Path.of("/nowhere");
    private Path work = Path.of("/nowhere");

    @BeforeEach
    void directories() throws IOException {
        out = Files.createDirectory(scene.directory().resolve("bin"));
        work = Files.createDirectory(scene.directory().resolve("work"));
    }

    private static String picocli() throws Exception {
        return jarOf(AutoComplete.class);
    }

    private static String jarOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private ProcessBuilder in(List<String> command) {
        ProcessBuilder builder = scene.builder(command).directory(work.toFile());
        builder.environment()
                .put("XDG_CACHE_HOME", scene.directory().resolve("cache").toString());
        builder.environment().put("HOME", scene.directory().toString());
        builder.environment().remove("CI");
        builder.environment().remove("MAVEN_OPTS");
        builder.environment().remove("JDK_JAVA_OPTIONS");
        return builder;
    }

    private Ran run(List<String> command) throws Exception {
        Path err = Files.createTempFile(scene.directory(), "err", "");
        Process process = in(command).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), text, Files.readString(err));
    }

    private Ran warm(String... args) throws Exception {
        List<String> command = scene.command("warm");
        command.addAll(List.of(args));
        return run(command);
    }

    private Ran add(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("add", NAME, "--out", out.toString(), "--"));
        all.addAll(List.of(words));
        return warm(all.toArray(new String[0]));
    }

    @Test
    void aToolFromItsFirstCommandToItsEnd() throws Exception {
        assertThat(warm("list").out()).isEqualTo("no tool is kept warm; `autod warm add` begins it\n");
        Ran added = add(JAVA, "-cp", picocli(), AutoComplete.class.getName());
        assertThat(added)
                .isEqualTo(new Ran(0, "wrote " + out.resolve(NAME) + "\n" + out + " is not on your PATH\n", ""));
        // Again: it is ours.
        assertThat(add(JAVA, "-cp", picocli(), AutoComplete.class.getName()).code())
                .isZero();
        assertThat(warm("why", NAME).out()).isEqualTo("no command of pa has run cold, as far as is known\n");

        Ran checked = warm("check", NAME, "--runs", "3", "--", "--version");
        assertThat(checked.err()).isEmpty();
        assertThat(checked.out())
                .startsWith(
                        "pa can be kept warm: 3 warm commands wrote the same output and the same files as the cold one");
        JsonObject json = JsonParser.parseString(warm("check", NAME, "--json", "--runs", "2", "--", "--help")
                        .out())
                .getAsJsonObject();
        assertThat(json.get("warm").getAsBoolean()).isTrue();
        assertThat(json.get("equal").getAsInt()).isEqualTo(2);
        assertThat(json.get("warmMillis").getAsJsonArray()).hasSize(2);
        assertThat(work).isEmptyDirectory();

        String script = out.resolve(NAME).toString();
        Ran cold = run(List.of(script, "--version"));
        while (!warm("list").out().contains("  pid ")) {
            Thread.sleep(20);
        }
        Path state = scene.directory().resolve("cache/auto-daemon-warm/pa");
        while (!Files.exists(state.resolve((work.toRealPath() + "/").replace('/', '%') + ".stamp"))) {
            Thread.sleep(5);
        }
        assertThat(run(List.of(script, "--version"))).isEqualTo(cold);
        assertThat(warm("list").out())
                .startsWith("pa  " + script + "  ")
                .contains("2 commands, leaves in ", ", in " + work.toRealPath() + "\n");
        JsonArray tools = JsonParser.parseString(warm("list", "--json").out()).getAsJsonArray();
        assertThat(tools).hasSize(1);
        assertThat(tools.get(0).getAsJsonObject().get("daemons").getAsJsonArray())
                .hasSize(1);
        assertThat(warm("why", NAME).out())
                .endsWith("  " + work.toRealPath() + "  no daemon ran for this directory and environment\n");
        assertThat(scene.autod("ps").out()).contains("warm-pa-");

        assertThat(warm("remove", NAME)).isEqualTo(new Ran(0, "removed " + script + "\n", ""));
        assertThat(out).isEmptyDirectory();
        assertThat(state).doesNotExist();
        assertThat(scene.daemons()).isEmpty();
        assertThat(warm("why", NAME))
                .isEqualTo(
                        new Ran(1, "", "autod: no tool \"pa\" is kept warm; `autod warm list` names those that are\n"));
    }

    @Test
    void whatCannotBeKeptWarmIsRefused() throws Exception {
        String jar = picocli();
        assertThat(add("node", "x.js").err())
                .isEqualTo(
                        "autod: the command of the tool must begin with java, as in `java -jar tool.jar`, and not with"
                                + " \"node\"\n");
        assertThat(add().err()).contains("the command of the tool must begin with java");
        assertThat(add(JAVA).err()).contains("names neither a jar (-jar) nor a main class");
        assertThat(add(JAVA, "-jar", "none.jar").err()).contains("there is no file " + work.toRealPath() + "/none.jar");
        String library = jarOf(JsonParser.class);
        assertThat(add(JAVA, "-jar", library).err())
                .isEqualTo("autod: " + library + " names no Main-Class in its manifest\n");
        assertThat(add(JAVA, "-cp", ".", "Main").err()).contains("\".\" on the class path is a directory");
        assertThat(add(JAVA, "-p", "mods", "-m", "a/b").err())
                .contains("-p: a tool on a module path cannot be kept warm");
        assertThat(add(JAVA, "-cp", jar, "Main", "--fix").err()).contains("\"--fix\" is an argument of the tool");
        assertThat(add(JAVA, "Main.java").err()).contains("Main.java: neither an argument file nor a source file");
        assertThat(warm("add", "a/b", "--", JAVA, "-jar", jar).err()).contains("\"a/b\" is no name for a command");
        assertThat(warm("add", "x", "--java-home", "/none", "--", JAVA, "-cp", jar, "Main")
                        .code())
                .isEqualTo(1);
        assertThat(out).isEmptyDirectory();

        Files.writeString(out.resolve(NAME), "#!/bin/sh\nexit 7\n");
        assertThat(add(JAVA, "-cp", jar, "Main").err()).contains("exists, and is no command of a warm tool");
        assertThat(out.resolve(NAME)).hasContent("#!/bin/sh\nexit 7\n");
        assertThat(warm("cool").err()).contains("\"cool\" is none of add, check, list, why and remove");
        assertThat(warm("check").err()).contains("name the tool: autod warm check NAME");
        assertThat(warm("check", "none").code()).isEqualTo(1);
        assertThat(warm("remove", "a", "b").err()).contains("one tool at a time: \"b\" is too much");
        assertThat(warm("list", "x").err()).contains("list takes no name: \"x\"");
        assertThat(warm().code()).isEqualTo(2);
    }
}
