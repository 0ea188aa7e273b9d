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
    private final BooleanSupplier stop;
    private final Map<String, DocumentIndex.Stamp> known = new HashMap<>();
    private int added;
    private int updated;
    private int removed;
    private int unchanged;
    private int skipped;

    Folder(Path root, DocumentIndex index, TextFile reader, Consumer<String> changes, BooleanSupplier stop) {
        this.root = root;
        this.index = index;
        this.reader = reader;
        this.changes = changes;
        this.stop = stop;
    }

    /** Brings the index up to date, or stops early when it is told to: what was done until then counts. */
    IndexReport update() throws IOException {
        known.putAll(index.below(root));
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
            return next();
        }
        Optional<String> text = text(file, attributes);
        if (text.isEmpty()) {
            skipped++;
            return next();
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
        return next();
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
