package io.github.autodaemon.examples.notes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A service whose index run stops at a file {@code held.txt} until the test lets it go. */
public final class HeldNotesService extends NotesService {
    /** Named pipes beside the file: opening one waits for the other side to open it too. */
    static final String REACHED = ".reached";

    static final String GO = ".go";

    /** Makes one of the pipes. */
    static Path pipe(Path notes, String name) throws IOException, InterruptedException {
        Path pipe = notes.resolve(name);
        int code = new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("mkfifo " + pipe + " gave " + code);
        }
        return pipe;
    }

    /** Made by the daemon. */
    public HeldNotesService() {
        super(HeldNotesService::read);
    }

    private static Optional<String> read(Path file) throws IOException {
        if (file.endsWith("held.txt")) {
            Files.writeString(file.resolveSibling(REACHED), "reached");
            String unused = Files.readString(file.resolveSibling(GO));
        }
        return TextFile.readUtf8(file);
    }
}
