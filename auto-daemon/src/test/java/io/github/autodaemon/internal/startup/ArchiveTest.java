package io.github.autodaemon.internal.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose directory archives are made and used in, and which files. */
@Timeout(60)
class ArchiveTest {
    private static final int STRANGER = 54321;

    @RegisterExtension
    final TestDirectory place = new TestDirectory();

    private Path above = Path.of("/nowhere");
    private Path directory = above;

    @BeforeEach
    void create() throws IOException {
        above = mode(Files.createDirectory(place.directory().resolve("cache")), "rwxr-xr-x");
        directory = mode(Files.createDirectory(above.resolve("archives")), "rwx------");
    }

    private static Path mode(Path directory, String mode) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        return directory;
    }

    private static void give(Path file) throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            if ("true".equals(System.getenv("CI"))) {
                throw new IllegalStateException("in CI these tests must run, and they need the superuser");
            }
            abort("only the superuser can be another user");
        }
        Files.setAttribute(file, "unix:uid", STRANGER);
    }

    /** Nothing is used there, and nothing made, not even a lock. */
    private void assertDanger(String why) throws Exception {
        assertThat(Archive.danger(directory)).contains(why);
        Files.writeString(directory.resolve("command.classes"), "java/lang/Object\n");
        List<String> log = new ArrayList<>();
        ArchiveMaker maker = new ArchiveMaker(log::add);
        maker.addCommands(directory, "java", Path.of("/etc/passwd").toString(), "G1", null);
        maker.add(Archive.named(directory, "daemon-A-1"), "java", "/etc/passwd", List.of());
        maker.finish();
        assertThat(log).hasSize(2).allSatisfy(line -> assertThat(line)
                .contains("no archives of loaded classes are made in " + directory)
                .contains(why));
        assertThat(directory.resolve("command.lock")).doesNotExist();
    }

    @Test
    void aDirectoryOfOnesOwn() throws Exception {
        assertThat(Archive.danger(directory)).isNull();
    }

    @Test
    void anotherUsersDirectory() throws Exception {
        give(directory);
        assertDanger("it belongs to user id " + STRANGER);
    }

    @Test
    void aDirectoryInAnotherUsers() throws Exception {
        give(above);
        assertDanger(above + " above it belongs to user id " + STRANGER);
    }

    @Test
    void aDirectoryThatOthersMayEnter() throws Exception {
        mode(directory, "rwxr-x---");
        assertDanger("chmod 700 " + directory);
    }

    @Test
    void aDirectoryInOneThatEverybodyMayWriteTo() throws Exception {
        mode(above, "rwxrwxrwx");
        assertDanger("everybody may write to " + above);
    }

    @Test
    void aDirectoryBehindALinkOfAnotherUsers() throws Exception {
        Path link = Files.createSymbolicLink(place.directory().resolve("link"), above);
        new ProcessBuilder("chown", "-h", Integer.toString(STRANGER), link.toString())
                .start()
                .waitFor();
        give(Files.createFile(place.directory().resolve("proof")));
        directory = link.resolve("archives");
        assertDanger(link + " is a link of user id " + STRANGER);
    }

    @Test
    void aFileWithoutTheMarkIsNoArchive() throws Exception {
        Archive archive = Archive.named(directory, "command");
        Files.createFile(archive.file());
        Files.createFile(archive.seal());
        Files.setLastModifiedTime(archive.file(), Archive.SEALED);
        Files.setLastModifiedTime(archive.seal(), Archive.SEALED);
        assertThat(archive.isSealed()).isFalse();
        Files.setAttribute(archive.file(), "unix:mode", 01400);
        assertThat(archive.isSealed()).isTrue();
    }

    /** The JVM would write to what it names. */
    @Test
    void aListThatIsALink() throws Exception {
        Archive archive = Archive.named(directory, "daemon-A-1");
        assertThat(archive.options()).containsExactly("-XX:DumpLoadedClassList=" + archive.classes());
        Files.createSymbolicLink(archive.classes(), directory.resolve("nothing"));
        assertThat(archive.options()).isEmpty();
    }
}
