package io.github.autodaemon.internal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What stays of the archives, and what goes. */
@Timeout(60)
class CacheTest {
    private static final int SIZE = 100;

    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path root = Path.of("/nowhere");

    @BeforeEach
    void create() throws IOException {
        root = Files.createDirectory(place.directory().resolve("auto-daemon"));
    }

    /** The directory of a script's archives; both the script and its JVM are there. */
    private Path installed(String name) throws IOException {
        Path script = Files.createFile(place.directory().resolve(name));
        Path java = place.directory().resolve("java");
        if (!Files.exists(java)) {
            Files.createFile(java);
        }
        return Files.createDirectories(Path.of(root + "" + script + java));
    }

    private static Archive make(Path directory, String name, int used) throws IOException {
        Archive archive = Archive.named(directory, name);
        Files.write(archive.file(), new byte[SIZE]);
        Files.createFile(archive.seal());
        Files.createFile(archive.lock());
        // Ahead of the time of its making, which nobody can set.
        FileTime later = FileTime.fromMillis(System.currentTimeMillis() + used * 86_400_000L);
        Files.getFileAttributeView(archive.file(), BasicFileAttributeView.class).setTimes(null, later, null);
        return archive;
    }

    @Test
    void whatHasNotBeenUsedForLongestGoesWhenThereIsTooMuch() throws Exception {
        Path one = installed("one");
        Path two = installed("two");
        Archive made = make(one, "command", 1);
        Archive older = make(one, "command-add", 2);
        Archive other = make(two, "command", 3);
        Archive newer = make(one, "command-list", 4);
        Cache.tidy(root, made, 4 * SIZE);
        assertThat(older.file()).exists();
        Cache.tidy(root, made, 3 * SIZE);
        assertThat(older.file()).doesNotExist();
        assertThat(older.seal()).doesNotExist();
        assertThat(other.seal()).exists();
        Cache.tidy(root, made, SIZE + 1);
        assertThat(other.file()).doesNotExist();
        assertThat(newer.file()).doesNotExist();
        // Too much by itself, and yet what somebody waits for.
        Cache.tidy(root, made, 0);
        assertThat(made.file()).exists();
        assertThat(made.seal()).exists();
    }

    @Test
    void whatBelongsToAScriptThatIsGoneGoes() throws Exception {
        Path gone = installed("gone");
        Path here = installed("here");
        make(gone, "command", 1);
        Files.createFile(gone.resolve("command.classes"));
        Archive made = make(here, "command", 1);
        // Found by a search: nobody knows where.
        Path searched =
                Files.createDirectories(Path.of(root + "" + place.directory()).resolve("here/java"));
        Archive its = make(searched, "command", 1);
        Files.delete(place.directory().resolve("gone"));
        Cache.tidy(root, made, Long.MAX_VALUE);
        assertThat(Path.of(root + "" + place.directory()).resolve("gone")).doesNotExist();
        assertThat(made.file()).exists();
        assertThat(made.lock()).exists();
        assertThat(its.file()).exists();
    }

    @Test
    void whatBelongsToAJvmThatIsGoneGoes() throws Exception {
        Path gone = installed("tool");
        Files.delete(place.directory().resolve("java"));
        Path jdk = Files.createFile(place.directory().resolve("jdk"));
        Archive made =
                make(Files.createDirectories(Path.of(root + "" + place.directory() + "/tool" + jdk)), "command", 1);
        make(gone, "command", 1);
        Cache.tidy(root, made, Long.MAX_VALUE);
        assertThat(gone).doesNotExist();
        assertThat(made.file()).exists();
    }

    /** Neither what lies behind a link, nor what is none of ours. */
    @Test
    void nothingElseIsTouched() throws Exception {
        Archive made = make(installed("tool"), "command", 1);
        Path elsewhere = Files.createDirectory(place.directory().resolve("elsewhere"));
        Path precious = Files.createFile(elsewhere.resolve("command.jsa"));
        Files.createSymbolicLink(root.resolve("link"), elsewhere);
        Path notes =
                Files.createFile(Files.createDirectory(root.resolve("mine")).resolve("notes.txt"));
        Cache.tidy(root, made, 0);
        assertThat(precious).exists();
        assertThat(notes).exists();
    }

    /** A maker that was killed has left half of one; another is at work. */
    @Test
    void halfOfAnArchiveGoesUnlessSomebodyMakesIt() throws Exception {
        Path directory = installed("tool");
        Archive made = make(directory, "command", 1);
        Archive left = make(directory, "command-left", 1);
        Archive now = make(directory, "command-now", 1);
        Path half = Files.createFile(directory.resolve("command-left.made"));
        Path growing = Files.createFile(directory.resolve("command-now.made"));
        try (var lock = io.github.autodaemon.internal.fs.LockFile.tryAcquire(now.lock())) {
            assertThat(lock).isNotNull();
            Cache.tidy(root, made, Long.MAX_VALUE);
        }
        assertThat(half).doesNotExist();
        assertThat(left.file()).exists();
        assertThat(growing).exists();
    }
}
