package io.github.autodaemon.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.testing.TestDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a stamp is written. */
class StampTest {
    @RegisterExtension
    final TestDirectory scratch = new TestDirectory();

    private Path jar() {
        return scratch.directory().resolve("a.jar");
    }

    private void touch(int second) throws IOException {
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.ofEpochSecond(1_600_000_000 + second)));
    }

    private Fingerprint fingerprint() throws IOException {
        return new Fingerprint(
                "a.Service",
                List.of(),
                jar().toString(),
                Path.of(System.getProperty("java.home")),
                List.of(),
                null,
                List.of(),
                "1");
    }

    private Path write(Fingerprint compared) throws IOException {
        Path stamp = scratch.directory().resolve("front.stamp");
        String unused =
                Stamp.write(stamp, scratch.directory().resolve("s"), compared, null, StampTest.this::fingerprint);
        return stamp;
    }

    @Test
    void thereIsOneForTheFilesThatWereCompared() throws IOException {
        Files.createFile(jar());
        touch(0);
        assertThat(write(fingerprint())).exists();
    }

    /** The front would take the old daemon for one with the new file. */
    @Test
    void thereIsNoneForAFileThatIsReplacedAfterItWasCompared() throws IOException {
        Files.createFile(jar());
        touch(0);
        Fingerprint compared = fingerprint();
        touch(1);
        assertThat(write(compared)).doesNotExist();
    }
}
