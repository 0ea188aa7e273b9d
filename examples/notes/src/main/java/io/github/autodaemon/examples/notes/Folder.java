package io.github.autodaemon.examples.notes;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One run over the files below a folder; what is hidden is left out, and links are not followed. */
final class Folder extends SimpleFileVisitor<Path> {
    private final Path root;
    private final DocumentIndex index;
    private final TextFile reader;
    private final Consumer<String> changes;
    private final Watcher watcher;
    private final BooleanSupplier stop;
    private final Map<String, DocumentIndex.Stamp> known = new HashMap<>();
    private int added;
    private int updated;
    private int removed;
    private int unchanged;
    private int skipped;
    private int total;

    /** Told of how many files, of how many, were looked at. */
    interface Watcher {
        void at(int done, int total);
    }

    Folder(
            Path root,
            DocumentIndex index,
            TextFile reader,
            Consumer<String> changes,
            Watcher watcher,
            BooleanSupplier stop) {
        this.root = root;
        this.index = index;
        this.reader = reader;
        this.changes = changes;
        this.watcher = watcher;
        this.stop = stop;
    }

    /** Brings the index up to date, or stops early when it is told to: what was done until then counts. */
    IndexReport update() throws IOException {
        known.putAll(index.below(root));
        total = count();
        watcher.at(0, total);
        Files.walkFileTree(root, this);
        for (String path : known.keySet()) {
            if (stop.getAsBoolean()) {
                break;
            }
            index.remove(path);
            removed++;
            changes.accept("removed " + path);
        }
        index.commit();
        return new IndexReport(added, updated, removed, unchanged, skipped);
    }

    /** Quick beside reading them; files may come and go meanwhile. */
    private int count() throws IOException {
        int[] files = new int[1];
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                return Folder.this.preVisitDirectory(directory, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files[0] += isHidden(file) ? 0 : 1;
                return next();
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return next();
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return next();
            }
        });
        return files[0];
    }

    private FileVisitResult looked() {
        int done = added + updated + unchanged + skipped;
        watcher.at(Math.min(done, total), total);
        return next();
    }

    private FileVisitResult next() {
        return stop.getAsBoolean() ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    private boolean isHidden(Path path) {
        return !path.equals(root) && path.getFileName().toString().startsWith(".");
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        // An index may lie below the folder that it is an index of.
        boolean skips = isHidden(directory) || directory.equals(index.directory());
        return skips ? FileVisitResult.SKIP_SUBTREE : next();
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (isHidden(file)) {
            return next();
        }
        String path = file.toString();
        DocumentIndex.Stamp stamp =
                new DocumentIndex.Stamp(attributes.lastModifiedTime().toMillis(), attributes.size());
        DocumentIndex.Stamp before = known.get(path);
        if (stamp.equals(before)) {
            known.remove(path);
            unchanged++;
            return looked();
        }
        Optional<String> text = text(file, attributes);
        if (text.isEmpty()) {
            skipped++;
            return looked();
        }
        index.put(path, stamp, text.get());
        known.remove(path);
        if (before == null) {
            added++;
            changes.accept("indexed " + path);
        } else {
            updated++;
            changes.accept("updated " + path);
        }
        return looked();
    }

    private Optional<String> text(Path file, BasicFileAttributes attributes) {
        try {
            boolean small = attributes.isRegularFile() && attributes.size() <= TextFile.MAX_BYTES;
            return small ? reader.read(file) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (file.equals(root)) {
            throw new IOException("the folder " + root + " cannot be read: " + e, e);
        }
        skipped++;
        return next();
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) {
        if (e != null) {
            skipped++;
        }
        return next();
    }
}
