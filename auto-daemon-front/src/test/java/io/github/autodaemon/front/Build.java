package io.github.autodaemon.front;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The builds of the front that are tested. */
enum Build {
    /** The one that is shipped. */
    COMMITTED(""),
    /** With gcc's sanitizers. */
    SANITIZED("-DSANITIZED"),
    /** The same, which reads a byte at a time. */
    BYTEWISE("-DMAX_RECEIVE=1"),
    /** The same, which waits for the daemon only so long. */
    IMPATIENT("-DWAIT_MILLIS=300");

    /** What a sanitizer that has found something exits with. */
    static final int FOUND = 99;

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Map<Build, Path> FILES = new EnumMap<>(Build.class);

    private final String flag;

    Build(String flag) {
        this.flag = flag;
    }

    /** The script that builds them. */
    static Path script() {
        return MODULE.resolve("build.sh");
    }

    /** The file; built when it is first wanted. */
    Path file() throws IOException, InterruptedException {
        synchronized (FILES) {
            Path file = FILES.get(this);
            if (file == null) {
                file = this == COMMITTED ? shipped(machine()) : build();
                FILES.put(this, file);
            }
            return file;
        }
    }

    private static String machine() {
        return System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
    }

    /** A copy of what is in the jar for this kind of machine. */
    static Path shipped(String machine) throws IOException {
        Path file = MODULE.resolve("target/front-" + machine);
        try (InputStream in = resource("front-" + machine)) {
            Files.deleteIfExists(file);
            Files.write(file, in.readAllBytes());
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x------"));
        return file;
    }

    static InputStream resource(String name) {
        InputStream in = Build.class.getResourceAsStream("/io/github/autodaemon/internal/front/" + name);
        if (in == null) {
            throw new IllegalStateException("there is no " + name);
        }
        return in;
    }

    private Path build() throws IOException, InterruptedException {
        Tools.need("gcc");
        Path file = MODULE.resolve("target/front-" + name().toLowerCase(Locale.ROOT));
        Process process = new ProcessBuilder(script().toString(), "--sanitize", file.toString(), flag)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        return file;
    }
}
