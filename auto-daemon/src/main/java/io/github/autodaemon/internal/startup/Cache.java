package io.github.autodaemon.internal.startup;

import io.github.autodaemon.internal.fs.LockFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The archives of all of a user's programs, below one directory: there by the path of the start script and, below that,
 * of its JVM. Archives of a script or a JVM that is gone are deleted, and of the others the least recently used, as
 * soon as all take more room than they may.
 */
final class Cache extends SimpleFileVisitor<Path> {
    /** In bytes. If an archive is missing, a start takes longer and another archive is made. */
    static final long LIMIT = 256L << 20;

    private static final String ARCHIVE = ".jsa";
    private static final List<String> OURS =
            List.of(Archive.CLASSES, ".list", ".made", ".sealed", ".seal", ARCHIVE, ".lock", Front.STAMP_ENDING);

    /** One archive; the time of its last use is known only from the file system, which may be a day late. */
    private record Kept(Archive archive, long size, long used) {}

    private final Path root;
    private final List<Kept> kept = new ArrayList<>();

    private Cache(Path root) {
        this.root = root;
    }

    /**
     * Keeps the archives within bounds.
     *
     * @param made the archive that has just been made, and stays
     * @param limit bytes
     */
    static void tidy(Path root, Archive made, long limit) throws IOException {
        Cache cache = new Cache(root);
        Files.walkFileTree(root, cache);
        long size = 0;
        for (Kept one : cache.kept) {
            size += one.size;
        }
        cache.kept.sort(Comparator.comparingLong(Kept::used));
        for (Kept one : cache.kept) {
            if (size > limit && !one.archive.file().equals(made.file())) {
                // In this order: a start script sees only whole archives.
                Files.deleteIfExists(one.archive.seal());
                Files.deleteIfExists(one.archive.file());
                size -= one.size;
            }
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
        String name = String.valueOf(file.getFileName());
        Path directory = root.resolve(file).getParent();
        if (directory != null && facts.isRegularFile() && ending(name) != null) {
            if (isGone(directory)) {
                Files.deleteIfExists(file);
            } else if (name.endsWith(ARCHIVE)) {
                FileTime changed = (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
                kept.add(new Kept(
                        Archive.named(directory, name.substring(0, name.length() - ARCHIVE.length())),
                        facts.size(),
                        Math.max(changed.toMillis(), facts.lastAccessTime().toMillis())));
            } else if (name.endsWith(".made")) {
                deleteUnlessBeingMade(
                        file, Archive.named(directory, name.substring(0, name.length() - ".made".length())));
            }
        }
        return FileVisitResult.CONTINUE;
    }

    private static @Nullable String ending(String name) {
        if (name.equals(Front.NAME)) {
            return name;
        }
        for (String ending : OURS) {
            if (name.endsWith(ending)) {
                return ending;
            }
        }
        return null;
    }

    /** Deletes the files that a killed maker has left. */
    private static void deleteUnlessBeingMade(Path file, Archive archive) throws IOException {
        try (LockFile lock = LockFile.tryAcquire(archive.lock())) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The file may have been removed by another process that tidies. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
        if (!directory.equals(root) && isGone(directory)) {
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException stays) {
                return FileVisitResult.CONTINUE;
            }
        }
        return FileVisitResult.CONTINUE;
    }

    /**
     * True if there is no script on the directory's path, or no JVM after that; for a script that finds its JVM by a
     * search, the path has just the JVM's name.
     */
    private boolean isGone(Path directory) {
        Path way = root.relativize(directory);
        for (int i = 1; i < way.getNameCount(); i++) {
            if (Files.isRegularFile(Path.of("/").resolve(way.subpath(0, i)))) {
                Path java = way.subpath(i, way.getNameCount());
                return java.getNameCount() > 1 && !Files.exists(Path.of("/").resolve(java));
            }
        }
        return true;
    }
}
