package io.github.autodaemon.internal.startup;

import io.github.autodaemon.internal.fs.CurrentUser;
import io.github.autodaemon.internal.fs.FileFacts;
import io.github.autodaemon.internal.fs.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The archive of one kind of JVM start, in three files of a directory of this user:
 *
 * <pre>
 *   NAME.classes   the names of the classes that one such JVM has loaded, as it loads them
 *   NAME.jsa       the archive made of them
 *   NAME.seal      the archive counts while it is there and as old as the archive; it names the JVM's {@link Collector}
 * </pre>
 *
 * A JVM that maps a damaged archive crashes, and checking its sums costs each start some milliseconds. So both files
 * get a modification time long ago, when the archive has been checked: a process that writes to the archive or cuts it
 * changes the time, which a shell sees. An archive that is merely out of date, because of other jars or another JVM, is
 * refused by the JVM itself.
 *
 * <p>The maker of an archive sets the sticky bit, which no other user can set on a file of this user, and no program
 * sets by chance. So a file of another origin is never mapped, wherever a name that others can change leads.
 */
public final class Archive {
    /** The property with the path of this program's archive, without an ending; the start script sets it. */
    private static final String OWN = "autodaemon.archive";

    /** The property with the root of all archives of this user; the start script sets it. */
    private static final String ALL = "autodaemon.archives";

    private static final String DAEMON = "daemon-";

    /** How the names of the archives of commands begin. */
    static final String COMMAND = "command";

    static final String CLASSES = ".classes";

    /** 2000-01-01T00:00:00Z. */
    static final FileTime SEALED = FileTime.fromMillis(946_684_800_000L);

    private final Path directory;
    private final String name;

    private Archive(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /**
     * The directory that this program's start script keeps archives in; null when no start script started the program.
     */
    public static @Nullable Path directory() {
        String own = System.getProperty(OWN);
        return own == null || own.isEmpty() ? null : Path.of(own).getParent();
    }

    /** The directory below which the archives of all programs are; null when no start script has named one. */
    public static @Nullable Path root() {
        String all = System.getProperty(ALL);
        return all == null || all.isEmpty() ? null : Path.of(all);
    }

    /**
     * Why archives are neither made nor used in a directory: because another user could replace them. Null when no
     * other user can.
     */
    public static @Nullable String danger(Path directory) throws IOException {
        FileFacts facts = FileFacts.of(directory);
        if (facts == null || !facts.isDirectory()) {
            return facts == null ? "it is not there" : "it is " + facts.kind();
        }
        if (facts.uid() != CurrentUser.uid()) {
            return "it belongs to user id " + facts.uid();
        }
        if (facts.permissionsOfOthers() != 0) {
            return "others may enter it (chmod 700 " + directory + ")";
        }
        for (Path place = directory; place != null; place = place.getParent()) {
            FileFacts link = FileFacts.of(place);
            Path parent = place.getParent();
            if (link != null && link.isLink() && parent != null) {
                String above = PrivateFiles.whoElseWrites(parent);
                if (link.uid() != 0 || above != null) {
                    return place + " is a link" + (above == null ? " of user id " + link.uid() : "; " + above);
                }
            }
        }
        return PrivateFiles.whoElseWrites(directory);
    }

    /**
     * The archive of a daemon.
     *
     * @param service name of its service's class
     * @param digest of its jars and its JVM
     */
    public static Archive ofDaemon(Path directory, String service, String digest) {
        return new Archive(directory, DAEMON + service + "-" + digest);
    }

    /**
     * The archive of this name.
     *
     * @throws IllegalArgumentException when the name leads elsewhere
     */
    public static Archive named(Path directory, String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("an archive cannot be named \"" + name + "\"");
        }
        return new Archive(directory, name);
    }

    /**
     * When this program's JVM did not take the archive that its start script named, since it is out of date: removes
     * its seal, so that the next start makes another.
     */
    public static void giveUpIfRefused() {
        String own = System.getProperty(OWN);
        // One of the few facts that a JVM reports about its archive.
        if (own != null && !System.getProperty("java.vm.info", "").contains("sharing")) {
            try {
                Files.deleteIfExists(Path.of(own + ".seal"));
            } catch (IOException e) {
                // The failure costs time, and nothing else.
                return;
            }
        }
    }

    Path directoryPath() {
        return directory;
    }

    /** The name of the archive in its directory. */
    public String name() {
        return name;
    }

    Path classes() {
        return directory.resolve(name + CLASSES);
    }

    Path file() {
        return directory.resolve(name + ".jsa");
    }

    /** The lock that the maker of the archive holds. */
    Path lock() {
        return directory.resolve(name + ".lock");
    }

    Path seal() {
        return directory.resolve(name + ".seal");
    }

    /**
     * The prefix of the names of archives that this one replaces: of the same service, with other digests. Null for a
     * command.
     */
    @Nullable
    String family() {
        return name.startsWith(DAEMON) ? name.substring(0, name.lastIndexOf('-') + 1) : null;
    }

    /** True if the archive may be used. */
    boolean isSealed() throws IOException {
        FileFacts file = FileFacts.of(file());
        return file != null
                && file.isRegular()
                && file.isSticky()
                && file.uid() == CurrentUser.uid()
                && Files.exists(seal())
                && Files.getLastModifiedTime(file()).compareTo(Files.getLastModifiedTime(seal())) <= 0;
    }

    /**
     * Options for a JVM to use the archive, or, when there is none, to list the classes that it loads; empty when it
     * can do neither.
     */
    public List<String> options() {
        try {
            if (isSealed()) {
                return List.of("-XX:SharedArchiveFile=" + file());
            }
            return FileFacts.of(classes()) != null ? List.of() : List.of("-XX:DumpLoadedClassList=" + classes());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The program that runs this JVM. */
    public static String ownJava() {
        return Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    }

    /** This JVM's class path. */
    public static String ownClassPath() {
        return System.getProperty("java.class.path", "");
    }
}
