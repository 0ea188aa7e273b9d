package io.github.autodaemon.examples.notes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Sequence;
import io.github.autodaemon.junit.DaemonExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is indexed and what is found, whoever asks. */
@Timeout(120)
class NotesServiceTest {
    @RegisterExtension
    final DaemonExtension<Notes> service = DaemonExtension.inProcess(Notes.class, HeldNotesService.class)
            .with((builder, directory) ->
                    builder.args(directory.resolve("index").toString()));

    private Path notes;

    @BeforeEach
    void create() throws IOException {
        notes = Files.createDirectory(service.directory().resolve("notes"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = notes.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static IndexReport report(Sequence<Progress> run) {
        Progress last = null;
        try (run) {
            for (Progress progress : run) {
                last = progress;
            }
        }
        return last.report().orElseThrow();
    }

    private IndexReport index(Path folder) {
        return report(service.rpc().index(folder));
    }

    @Test
    void indexingAgainTakesOnlyWhatChanged() throws Exception {
        Path changed = write("changed.txt", "before\n");
        Path removed = write("removed.txt", "vanishing\n");
        write("same.txt", "the same\n");
        index(notes);

        Files.writeString(changed, "after\n");
        Files.setLastModifiedTime(changed, FileTime.fromMillis(1_000_000_000_000L));
        Files.delete(removed);
        write("new.txt", "fresh\n");

        assertThat(index(notes)).isEqualTo(new IndexReport(1, 1, 1, 1, 0));
        assertThat(service.rpc().find("after")).containsExactly(new Hit(changed.toString(), 1, "after"));
        assertThat(service.rpc().find("before")).isEmpty();
        assertThat(service.rpc().find("vanishing")).isEmpty();
    }

    @Test
    void aFolderBesideIsLeftAlone() throws Exception {
        Path a = write("a/note.txt", "heron\n");
        Path ab = write("ab/note.txt", "heron\n");
        index(notes);
        Files.delete(a);
        Files.delete(ab);

        assertThat(index(a.getParent())).isEqualTo(new IndexReport(0, 0, 1, 0, 0));
        assertThat(service.rpc().find("heron")).containsExactly(new Hit(ab.toString(), 1, "heron"));
    }

    @Test
    void skipsWhatIsNoSmallText() throws Exception {
        Files.write(notes.resolve("zero.txt"), new byte[] {'a', 0, 'b'});
        Files.write(notes.resolve("latin1.txt"), new byte[] {'a', (byte) 0xe4, 'b'});
        Files.write(notes.resolve("large.txt"), new byte[TextFile.MAX_BYTES + 1]);
        Files.createSymbolicLink(notes.resolve("link.txt"), Path.of("/etc/passwd"));
        write(".hidden/note.txt", "hidden\n");
        Path text = write("umlaut.txt", "K\u00e4se und \u20ac\n");

        assertThat(index(notes)).isEqualTo(new IndexReport(1, 0, 0, 0, 4));
        assertThat(service.rpc().find("k\u00e4se"))
                .containsExactly(new Hit(text.toString(), 1, "K\u00e4se und \u20ac"));
    }

    @Test
    void aFindIsAnsweredWhileAnIndexRuns() throws Exception {
        write("early.txt", "heron\n");
        index(notes);
        Path held = write("held.txt", "bittern\n");
        Path reached = HeldNotesService.pipe(notes, HeldNotesService.REACHED);
        Path go = HeldNotesService.pipe(notes, HeldNotesService.GO);

        Notes finder = service.connect().rpc();
        Sequence<Progress> running = service.rpc().index(notes);
        assertThat(reached).hasContent("reached");
        assertThat(finder.find("heron")).hasSize(1);
        assertThat(service.rpc().find("bittern")).isEmpty();

        Files.writeString(go, "go");
        assertThat(report(running)).isEqualTo(new IndexReport(1, 0, 0, 1, 0));
        assertThat(finder.find("bittern")).containsExactly(new Hit(held.toString(), 1, "bittern"));
    }
}
