package io.github.autodaemon.examples.notes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Connection;
import io.github.autodaemon.Sequence;
import io.github.autodaemon.testing.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class NotesTest {
    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        desk = new Desk();
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @Test
    void findsTheLineAndRanksTheFileThatSaysMoreOfItFirst() throws Exception {
        Path rare = desk.write("rare.txt", "one\ntwo\nA heron stood in the long reeds near the old mill all day\n");
        Path often = desk.write("sub/often.md", "# Birds\n\nheron, heron and Herons\n");
        desk.write("none.txt", "nothing of interest\n");

        assertThat(desk.run("index", desk.notes.toString()).out())
                .isEqualTo("3 indexed, 0 updated, 0 removed, 0 unchanged, 0 skipped\n");

        Desk.Outcome found = desk.run("find", "heron");
        assertThat(found.out())
                .isEqualTo(often + ":3: heron, heron and Herons\n" + rare
                        + ":3: A heron stood in the long reeds near the old mill all day\n");
        assertThat(found.code()).isZero();
        assertThat(desk.run("find", "\"long reeds\"").out()).startsWith(rare + ":3: ");
        assertThat(desk.run("find", "her*").out().lines()).hasSize(2);
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAnError() throws Exception {
        Path note = desk.write("note.txt", "a heron\n");
        Path full = Path.of("/dev/full");
        Desk.Outcome outcome = desk.runInto(full, "index", desk.notes.toString());
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("notes: cannot write to standard output: No space left on device\n");
        assertThat(desk.runInto(full, "find", "heron").code()).isEqualTo(1);
        // It learns that its first line was not written when it writes the next one.
        Process follow = start("follow", ProcessBuilder.Redirect.to(full.toFile()));
        try (Connection<Notes> connection = desk.daemon().connect();
                Sequence<String> changes = connection.rpc().follow()) {
            assertThat(changes.iterator().next()).startsWith("following");
            while (follow.isAlive()) {
                Files.writeString(note, Files.readString(note) + "heron\n");
                desk.run("index", desk.notes.toString());
            }
        }
        assertThat(follow.waitFor()).isEqualTo(1);
    }

    @Test
    void showsNoControlCharacters() throws Exception {
        desk.write("escape\u001b[2J\n.txt", "clear \u001b[2J heron\r\n");
        desk.run("index", desk.notes.toString());

        assertThat(desk.run("find", "heron").out()).isEqualTo(desk.notes + "/escape [2J .txt:1: clear  [2J heron\n");
    }

    @Test
    void whoGivesUpWaitingStopsTheRunAndLosesNothing() throws Exception {
        desk.write("held.txt", "bittern\n");
        Path reached = HeldNotesService.pipe(desk.notes, HeldNotesService.REACHED);
        Path go = HeldNotesService.pipe(desk.notes, HeldNotesService.GO);

        ProcessHandle first;
        desk.serve(HeldNotesService.class);
        try (Connection<Notes> indexer = desk.daemon().connect()) {
            Sequence<Progress> unused = indexer.rpc().index(desk.notes);
            assertThat(reached).hasContent("reached");
            first = indexer.spawned().orElseThrow();
            indexer.rpc().close();
        }
        Files.writeString(go, "go");
        // The daemon waits for the run, which is at a file, before it closes the index.
        Processes.awaitEnd(first);

        desk.serve(NotesService.class);
        assertThat(desk.run("find", "bittern").code()).isZero();
    }

    @Test
    void aFollowerSeesWhatOthersDoAndEndsWithTheDaemon() throws Exception {
        Path note = desk.write("note.txt", "heron\n");
        try (Connection<Notes> connection = desk.daemon().connect();
                Sequence<String> changes = connection.rpc().follow()) {
            Iterator<String> lines = changes.iterator();
            assertThat(lines.next()).isEqualTo("following the index in " + desk.index());

            desk.run("index", desk.notes.toString());
            assertThat(lines.next()).isEqualTo("indexed " + note);

            Files.writeString(note, "two herons\n");
            desk.run("index", desk.notes.toString());
            assertThat(lines.next()).isEqualTo("updated " + note);

            Files.delete(note);
            desk.run("index", desk.notes.toString());
            assertThat(lines.next()).isEqualTo("removed " + note);

            ProcessHandle daemon = desk.running();
            assertThat(desk.run("close").code()).isZero();
            assertThat(lines.hasNext()).isFalse();
            Processes.awaitEnd(daemon);
        }
    }

    @Test
    void theFollowCommandEndsWellWhenTheDaemonIsClosedAndFailsWhenItDies() throws Exception {
        desk.run("find", "nothing");
        for (boolean orderly : new boolean[] {true, false}) {
            Process follow = start("follow");
            try (BufferedReader lines = follow.inputReader(StandardCharsets.UTF_8)) {
                assertThat(lines.readLine()).isEqualTo("following the index in " + desk.index());
                if (orderly) {
                    desk.run("close");
                } else {
                    ProcessHandle daemon = desk.running();
                    daemon.destroyForcibly();
                    Processes.awaitEnd(daemon);
                }
                assertThat(lines.readLine()).isNull();
            }
            String err = new String(follow.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(follow.waitFor()).isEqualTo(orderly ? 0 : 125);
            if (orderly) {
                assertThat(err).isEmpty();
            } else {
                assertThat(err).startsWith("notes: ").hasLineCount(1);
            }
        }
        desk.run("find", "nothing");
    }

    private Process start(String command) throws IOException {
        return start(command, ProcessBuilder.Redirect.PIPE);
    }

    private Process start(String command, ProcessBuilder.Redirect out) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        NotesCommand.class.getName(),
                        "--socket",
                        desk.socket().toString(),
                        "--index",
                        desk.index().toString(),
                        command)
                .redirectOutput(out)
                .start();
    }

    @Test
    void theIndexOutlivesItsDaemonAndTheNextOneStartsAtOnce() throws Exception {
        Path note = desk.write("note.txt", "heron\n");
        desk.run("index", desk.notes.toString());
        for (int i = 0; i < 3; i++) {
            ProcessHandle before = desk.running();
            assertThat(desk.run("close").code()).isZero();

            // Not waited for: the index has one owner at a time, and the next one is in time all the same.
            assertThat(desk.run("find", "heron")).isEqualTo(new Desk.Outcome(0, note + ":1: heron\n", ""));
            assertThat(desk.running().pid()).isNotEqualTo(before.pid());
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(desk.index())))
                .isEqualTo("rwx------");
    }

    @Test
    void anIndexWithTwoDaemonsIsRefusedInOneLine() throws Exception {
        desk.run("find", "nothing");
        ProcessHandle first = desk.running();
        Path other = desk.home().resolve("other");
        Desk.Outcome refused = desk.runAt(other, "find", "x");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).startsWith("notes: ").contains("Lock").hasLineCount(1);
        desk.run("close");
        Processes.awaitEnd(first);
        assertThat(desk.runAt(other, "find", "x").err()).startsWith("notes: nothing was found");
        assertThat(desk.runAt(other, "close").code()).isZero();
    }
}
