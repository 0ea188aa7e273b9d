package io.github.autodaemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.cli.Scene.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page and the completions know every command and option, and no other. */
@Timeout(60)
class ManualTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-zA-Z][a-z-]*");

    @RegisterExtension
    final Scene scene = new Scene();

    private static final Map<String, CommandLine> COMMANDS = Autod.commandLine().getSubcommands();

    private static Set<String> options(String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = OPTION.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    private static Set<String> options(CommandLine command) {
        Set<String> names = new TreeSet<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            names.addAll(List.of(option.names()));
        }
        return names;
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("man/autod.1"))
                .replaceAll("\\\\f[BIR]", "")
                .replace("\\-", "-");
    }

    @Test
    void theManualPage() throws IOException {
        String page = page();
        Set<String> all = new TreeSet<>();
        COMMANDS.forEach((name, command) -> {
            assertThat(page).contains("\n.SS " + name + "\n");
            assertThat(page).contains("\nautod " + name);
            all.addAll(options(command));
        });
        assertThat(options(page.substring(page.indexOf(".SH OPTIONS")))).isEqualTo(all);
        for (int code :
                List.of(Autod.DONE, Autod.FAILED, Autod.USED_WRONGLY, Autod.NOT_RUNNING, Autod.NOT_RESPONDING)) {
            assertThat(page.substring(page.indexOf(".SH EXIT STATUS"))).contains("\n" + code + "\n");
        }
    }

    /** Long options; the short ones are as quickly typed as completed. */
    @Test
    void completionForBash() throws Exception {
        scene.start("desk");
        COMMANDS.forEach((name, command) -> {
            Set<String> wanted = options(command);
            wanted.removeIf(option -> !option.startsWith("--"));
            assertThat(new TreeSet<>(completed("autod " + name + " --")))
                    .as(name)
                    .isEqualTo(wanted);
        });
        assertThat(new TreeSet<>(completed("autod ")))
                .isEqualTo(new TreeSet<>(List.of(
                        "ps",
                        "status",
                        "logs",
                        "stop",
                        "call",
                        "why",
                        "doctor",
                        "run",
                        "warm",
                        "--help",
                        "--version")));
        assertThat(completed("autod st")).containsExactly("status", "stop");
        assertThat(completed("autod stop d")).containsExactly("desk");
        assertThat(completed("autod stop --timeout ")).isEmpty();
    }

    /** compgen runs what is in its words: a name that is none is not one of them. */
    @Test
    void completionRunsNothing() throws Exception {
        Path ran = scene.directory().resolve("ran");
        Files.createFile(scene.home().resolve("$(touch ${XDG_RUNTIME_DIR}$'\\x2f'ran).sock.history"));
        Files.createFile(scene.home().resolve("desk.sock.history"));
        assertThat(completed("autod stop d")).containsExactly("desk");
        assertThat(completed("autod stop $")).isEmpty();
        assertThat(ran).doesNotExist();
    }

    private List<String> completed(String line) {
        String script = ". completions/autod.bash; COMP_WORDS=($1); [ \"$2\" = word ] || COMP_WORDS+=('');"
                + " COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _autod; printf '%s\\n' \"${COMPREPLY[@]}\"";
        try {
            Ran ran = scene.run(
                    List.of(
                            Tools.need("bash", "bash").toString(),
                            "-c",
                            script,
                            "bash",
                            line,
                            line.endsWith(" ") ? "space" : "word"),
                    "");
            assertThat(ran.err()).isEmpty();
            return ran.out().lines().filter(word -> !word.isEmpty()).toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void completionForZsh() throws IOException {
        String file = Files.readString(Path.of("completions/_autod"));
        String common = file.substring(file.indexOf("common=("), file.indexOf("which=("));
        String which = file.substring(file.indexOf("which=("), file.indexOf("if (("));
        COMMANDS.forEach((name, command) -> {
            Matcher branch = Pattern.compile("(?s)\\n    (?:\\w+ \\| )?" + name + "(?: \\| \\w+)?\\)(.*?);;")
                    .matcher(file);
            assertThat(branch.find()).as(name).isTrue();
            String text = branch.group(1) + common + (branch.group(1).contains("$which") ? which : "");
            assertThat(options(text)).as(name).isEqualTo(options(command));
        });
    }

    @Test
    void whatTheReadmeSaysCanBeTyped() throws IOException {
        Matcher shown =
                Pattern.compile("(?m)^\\$ \\./autod (.*)$").matcher(Files.readString(Scene.ROOT.resolve("README.md")));
        int count = 0;
        while (shown.find()) {
            count++;
            String[] words = shown.group(1).split(" ", -1);
            assertThat(Autod.commandLine(words).parseArgs(words).hasSubcommand())
                    .isTrue();
        }
        assertThat(count).isPositive();
    }

    /** What one command costs does not grow with the others: each is made only when it is the one. */
    @Test
    void oneCommandIsMade() {
        assertThat(Autod.commandLine("ps").getSubcommands()).containsOnlyKeys("ps");
        assertThat(COMMANDS).containsOnlyKeys("ps", "status", "logs", "stop", "call", "why", "doctor", "run", "warm");
    }
}
