package io.github.autodaemon.examples.notes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class NotesBadInputTest {
    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        desk = new Desk();
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                   | no command was given",
                "search heron         | there is no command \"search\"",
                "--fast find heron    | there is no option --fast",
                "--socket             | --socket needs a path",
                "--index              | --index needs a path",
                "--index /dev/null find x | the index /dev/null is not a directory",
                "index                | index needs a folder",
                "index /no/such/place | there is no folder /no/such/place",
                "index /tmp /tmp      | \"/tmp\" is one argument too many",
                "find                 | find needs words",
                "follow me            | \"me\" is one argument too many",
                "close it             | \"it\" is one argument too many",
            })
    void isAnsweredWithOneLineAndTheUsage(String line, String message) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ");

        assertThat(desk.runRaw(args))
                .isEqualTo(new Desk.Outcome(2, "", "notes: " + message + "\n" + NotesArguments.USAGE + "\n"));
    }

    @Test
    void helpIsNoMistake() {
        assertThat(desk.runRaw("--help")).isEqualTo(new Desk.Outcome(0, NotesArguments.USAGE + "\n", ""));
    }

    @ParameterizedTest
    @CsvSource({"heron AND", "*heron", "(heron", "/[/", "heron^x"})
    void aQuerySyntaxErrorIsOneLine(String query) {
        Desk.Outcome outcome = desk.run("find", query);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("notes: the query cannot be understood: ")
                .hasLineCount(1);
    }

    @Test
    void nothingFoundSaysSo() {
        assertThat(desk.run("find", "two", "words"))
                .isEqualTo(new Desk.Outcome(1, "", "notes: nothing was found for two words\n"));
    }

    @Test
    void closingStartsNothing() {
        assertThat(desk.run("close")).isEqualTo(new Desk.Outcome(0, "", ""));
        assertThat(desk.daemon().connectIfRunning()).isEmpty();
    }

    @Test
    void aDaemonThatCannotOpenItsIndexFailsInOneLine() throws IOException {
        Files.createDirectory(desk.index());
        Files.writeString(desk.index().resolve("segments_1"), "no index");
        Desk.Outcome outcome = desk.run("find", "heron");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("notes: the index in " + desk.index() + " cannot be opened: ")
                .hasLineCount(1);
        assertThat(desk.run("close").code()).isZero();
    }
}
