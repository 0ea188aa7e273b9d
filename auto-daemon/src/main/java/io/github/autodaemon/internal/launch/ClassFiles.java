package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.fs.PrivateFiles;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The files of a class path, identified by path, size and time of modification. If that time is meaningless, because a
 * build or a container image set it to some date before 1990, the content identifies the file. A path is the real path
 * of the file, behind all links: ./app, ../here/app and a link to either are one program. A missing file has no
 * classes, and is not listed; but a file that this process has seen before, and that is missing now, was deleted while
 * the process ran.
 */
final class ClassFiles {
    private static final String META_INF = "META-INF";

    /** 1990-01-01T00:00:00Z, in seconds since 1970. Parsing the text would load a hundred classes into each command. */
    private static final long MIN_PLAUSIBLE_MTIME = 631_152_000L;

    /**
     * One element of the class path.
     *
     * @param size in bytes; of a directory, the sum of the classes in it; -1 when the file is missing
     * @param mark distinguishes files of one path and size: nanoseconds since 1970, or a checksum of the content
     * @param dated whether the mark is a time
     */
    private record Element(String path, long size, long mark, boolean dated) {
        String text() {
            if (size < 0) {
                return path + " (missing)";
            }
            String what = dated ? time(mark) : "sum " + Long.toHexString(mark);
            return path + " (" + size + " bytes, " + what + ")";
        }

        private static String time(long nanos) {
            // Instant would load a formatter into each command that starts a daemon.
            return FileTime.from(nanos, TimeUnit.NANOSECONDS).toString();
        }
    }

    private static final Set<String> SEEN = Collections.synchronizedSet(new HashSet<>());

    private final List<Element> elements = new ArrayList<>();

    /** The files as they were named; null when more than the size and time of each would have to be compared. */
    private @Nullable List<Path> files = new ArrayList<>();

    private @Nullable String deleted;

    /** The files of a class path or module path. Cheap for jars: one attribute read for each. */
    static ClassFiles of(String classPath) throws IOException {
        ClassFiles files = new ClassFiles();
        String[] parts = classPath.split(File.pathSeparator, -1);
        for (String part : parts) {
            if (part.equals("*") || part.endsWith("/*")) {
                files.files = null;
                files.addJars(PrivateFiles.parse(part.substring(0, part.length() - 1)));
            } else if (!classPath.isEmpty()) {
                files.add(PrivateFiles.parse(part));
            }
        }
        // With java -jar, or a launcher that shortens the command line, the class path is in the jar.
        if (parts.length == 1 && Files.isRegularFile(PrivateFiles.parse(parts[0]))) {
            files.addManifestOf(PrivateFiles.parse(parts[0]));
        }
        return files;
    }

    /** One file, which is listed even when it is missing. */
    static ClassFiles of(Path file) throws IOException {
        ClassFiles files = new ClassFiles();
        files.add(file);
        if (files.elements.isEmpty()) {
            files.elements.add(new Element(file.toString(), -1, 0, false));
            files.files = null;
            files.deleted = file.toString();
        }
        return files;
    }

    /**
     * The files, if all are there and each can be told by its size and time; else null. The paths are as they were
     * given, before links are followed.
     */
    @Nullable
    List<Path> files() {
        return files;
    }

    /** A file that has been deleted; null when there is none. */
    @Nullable
    String deleted() {
        return deleted;
    }

    private void add(Path given) {
        try {
            Path path = given.toRealPath();
            BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
            Element element = facts.isDirectory() ? directory(path) : file(path, facts);
            elements.add(element);
            if (element.dated && files != null) {
                files.add(given.toAbsolutePath());
            } else {
                files = null;
            }
            SEEN.add(given.toString());
        } catch (IOException e) {
            // A file that is missing or unreadable is not found by our class loaders either.
            files = null;
            if (deleted == null && SEEN.contains(given.toString())) {
                deleted = given.toString();
            }
        }
    }

    private static Element file(Path path, BasicFileAttributes facts) throws IOException {
        boolean dated = facts.lastModifiedTime().to(TimeUnit.SECONDS) >= MIN_PLAUSIBLE_MTIME;
        long mark = dated ? facts.lastModifiedTime().to(TimeUnit.NANOSECONDS) : sum(path);
        return new Element(path.toString(), facts.size(), mark, dated);
    }

    /**
     * The element for a directory: the files that a class loader may find there as classes or services. The directory's
     * own time does not change when a file in it is overwritten. The working directory is often a class path, and
     * contains logs and whole projects.
     */
    private static Element directory(Path directory) throws IOException {
        long[] sums = new long[2];
        EnumSet<FileVisitOption> links = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
        Files.walkFileTree(directory, links, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes facts) {
                String name = String.valueOf(path.getFileName());
                boolean may = path.equals(directory) || name.equals(META_INF) || isPackage(name);
                return may ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes facts) {
                boolean counts = path.toString().endsWith(".class") || path.startsWith(directory.resolve(META_INF));
                // A dangling link is no file.
                if (counts && facts.isRegularFile()) {
                    Element element;
                    try {
                        element = file(path, facts);
                    } catch (IOException e) {
                        return visitFileFailed(path, e);
                    }
                    Digest digest = new Digest();
                    digest.add(element.path());
                    digest.add(element.size());
                    digest.add(element.mark());
                    sums[0] += element.size();
                    // Added up, because the order in which a directory lists its files means nothing.
                    sums[1] += digest.value();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new Element(directory.toString(), sums[0], sums[1], false);
    }

    private static boolean isPackage(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!Character.isJavaIdentifierPart(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static long sum(Path file) throws IOException {
        CRC32 sum = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                sum.update(buffer.flip());
                buffer.clear();
            }
        }
        return sum.getValue();
    }

    private void addJars(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.{jar,JAR}")) {
            found.forEach(jars::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Path[] sorted = jars.toArray(new Path[0]);
        Arrays.sort(sorted);
        for (Path jar : sorted) {
            add(jar);
        }
    }

    private void addManifestOf(Path jar) {
        String inside = classPathOf(jar);
        Path parent = jar.toAbsolutePath().getParent();
        if (inside != null && parent != null) {
            for (String element : inside.strip().split(" +", -1)) {
                Path path = path(parent, element);
                if (path != null) {
                    add(path);
                }
            }
        }
    }

    /**
     * The file that an element of a manifest names, as the JDK's loader resolves it; null when the loader ignores the
     * element.
     */
    private static @Nullable Path path(Path parent, String element) {
        try {
            URL url = new URL(parent.toUri().toURL(), element);
            // A plus sign is no blank here.
            String path = URLDecoder.decode(url.getPath().replace("+", "%2B"), StandardCharsets.UTF_8);
            return url.getProtocol().equals("file") ? Path.of(path) : null;
        } catch (MalformedURLException | IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String classPathOf(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            return manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        } catch (IOException e) {
            // The jar cannot be read; the JVM reports this when it is started.
            return null;
        }
    }

    void addTo(Digest digest) {
        for (Element element : elements) {
            digest.add(element.path());
            digest.add(element.size());
            digest.add(element.mark());
        }
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (Element element : elements) {
            texts.add(element.text());
        }
        return texts;
    }
}
