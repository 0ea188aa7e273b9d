package io.github.autodaemon.interop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** npm's packages, at the versions of the lock file; installed below {@code target} when they are first needed. */
final class NpmPackages {
    private static final Path MODULE =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path HOME = MODULE.resolve("target/npm");
    private static final List<String> FILES = List.of("package.json", "package-lock.json");

    private static boolean installed;

    private NpmPackages() {}

    /** The directory of the packages. */
    static synchronized Path modules() {
        try {
            if (!installed) {
                install();
                installed = true;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while npm was installing", e);
        }
        return HOME.resolve("node_modules");
    }

    /** npm's own program for a daemon. */
    static Path runJs() {
        return modules().resolve("auto-daemon/run.js");
    }

    /** A JavaScript file of these tests. */
    static Path script(String name) {
        return MODULE.resolve("src/test/js").resolve(name);
    }

    private static void install() throws IOException, InterruptedException {
        Files.createDirectories(HOME);
        try (FileChannel channel =
                        FileChannel.open(HOME.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Path done = HOME.resolve("installed.json");
            if (lock.isValid() && isCurrent(done)) {
                return;
            }
            for (String file : FILES) {
                Files.copy(MODULE.resolve(file), HOME.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
            Path output = HOME.resolve("npm.log");
            Process npm = new ProcessBuilder("npm", "ci", "--include=dev", "--no-audit", "--no-fund")
                    .directory(HOME.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            npm.getOutputStream().close();
            if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                throw new IOException("npm ci failed: " + Files.readString(output));
            }
            Files.copy(MODULE.resolve("package-lock.json"), done, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean isCurrent(Path done) throws IOException {
        return Files.exists(done) && Files.mismatch(done, MODULE.resolve("package-lock.json")) < 0;
    }
}
