package io.github.autodaemon.internal.fs;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;

/** The user of this process, and checks that a socket's peer is the same user. */
public final class CurrentUser {
    /** On Linux this belongs to the effective user of the reading process; elsewhere the home directory is used. */
    private static final Path SELF = Path.of("/proc/self");

    private static final String OVERFLOW = "/proc/sys/kernel/overflowuid";
    private static final String MAP = "/proc/self/uid_map";

    /** The number of ids; in the first user namespace all are mapped. */
    private static final String ALL = " 4294967295";

    /** Known after the first look. */
    private static volatile @Nullable UserPrincipal self;

    private CurrentUser() {}

    /** The user of this process. The user database is asked once, and not for each connection. */
    private static UserPrincipal self() throws IOException {
        UserPrincipal known = self;
        if (known == null) {
            checkMapped();
            known = Files.getOwner(witness());
            self = known;
        }
        return known;
    }

    private static Path witness() {
        return Files.exists(SELF) ? SELF : Path.of(System.getProperty("user.home", "/"));
    }

    /** The numeric user id. */
    public static int uid() throws IOException {
        return (Integer) Files.getAttribute(witness(), "unix:uid");
    }

    /**
     * Refuses an unmapped user: in a user namespace all users without an id there share one id, and a process of such a
     * user cannot tell its own files and peers from theirs.
     */
    static void checkMapped() throws IOException {
        int uid = uid();
        if (uid != 0 && standsForMany(uid)) {
            throw new IOException("this process has no user id of its own: in its user namespace " + uid
                    + " stands for all users without one (" + OVERFLOW
                    + "), so its files and sockets cannot be told from"
                    + " theirs; give it one there (unshare --map-current-user, or a mapping for the container)");
        }
    }

    /**
     * True if a user id stands for users without an id in this user namespace. In the first namespace all users have
     * ids.
     */
    static boolean standsForMany(int uid) {
        try {
            return read(OVERFLOW).equals(Integer.toString(uid)) && !read(MAP).endsWith(ALL);
        } catch (IOException e) {
            // Not Linux, or no user namespaces.
            return false;
        }
    }

    /** In one read: reading a number of the kernel in pieces returns only its first digit. */
    private static String read(String file) throws IOException {
        byte[] bytes = new byte[256];
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(bytes, 0, Math.max(0, in.read(bytes)), StandardCharsets.US_ASCII).strip();
        }
    }

    /**
     * Asks the kernel for the user that connected.
     *
     * @param allowRoot whether the superuser may
     * @throws ForeignUserException when the peer is another user
     */
    public static void checkClient(SocketChannel channel, boolean allowRoot) throws IOException {
        UserPrincipal self = self();
        UserPrincipal peer = peer(channel);
        if (!peer.equals(self) && !(allowRoot && isRoot(peer))) {
            throw new ForeignUserException(peer, self);
        }
    }

    /**
     * Asks the kernel for the user that listens.
     *
     * @param allowRoot whether the peer may be the superuser; and when this process is the superuser's, the user that
     *     owns the socket's directory
     * @throws ForeignUserException when the peer is another user
     */
    public static void checkDaemon(SocketChannel channel, Path directory, boolean allowRoot) throws IOException {
        UserPrincipal self = self();
        UserPrincipal peer = peer(channel);
        boolean allowed = peer.equals(self);
        if (!allowed && allowRoot) {
            allowed = isRoot(peer) || (isRoot(self) && peer.equals(Files.getOwner(directory)));
        }
        if (!allowed) {
            throw new ForeignUserException(peer, self);
        }
    }

    /** Loads most of the classes that asking the kernel needs. */
    public static void preload(SocketChannel channel) throws IOException {
        var owner = Files.getOwner(witness());
        String option = ExtendedSocketOptions.SO_PEERCRED.name();
        // Most of the classes that a channel needs when it is asked for an option.
        int options = channel.supportedOptions().size();
        assert owner != null && option != null && options > 0;
    }

    public static UserPrincipal peer(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return peer.user();
    }

    private static boolean isRoot(UserPrincipal user) throws IOException {
        // A number is interpreted as a user id; the superuser's name is not "root" everywhere.
        return user.equals(SELF.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0"));
    }

    /** The process at the other end runs as another user. */
    public static final class ForeignUserException extends IOException {
        private static final long serialVersionUID = 1;
        private final String peer;
        private final String self;

        ForeignUserException(UserPrincipal peer, UserPrincipal self) {
            super("the other end of the socket belongs to user " + peer.getName() + ", this process to "
                    + self.getName() + hint(peer, self));
            this.peer = peer.getName();
            this.self = self.getName();
        }

        private static String hint(UserPrincipal peer, UserPrincipal self) {
            boolean root = peer.getName().equals("root") || self.getName().equals("root");
            return root ? "; a description with allowRoot(true) lets the superuser in" : "";
        }

        /** The message for the other process. */
        public String toTheOther() {
            return "this daemon belongs to user " + self + " and serves nobody else; you are user " + peer;
        }
    }
}
