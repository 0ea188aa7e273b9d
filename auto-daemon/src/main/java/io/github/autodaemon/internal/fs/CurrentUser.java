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

/** Who this process is, and whether the process at the other end of a socket is the same user. */
public final class CurrentUser {
    /** On Linux this belongs to the effective user of the process that looks; elsewhere the home directory has to do. */
    private static final Path SELF = Path.of("/proc/self");

    private static final String OVERFLOW = "/proc/sys/kernel/overflowuid";
    private static final String MAP = "/proc/self/uid_map";

    /** How many ids there are, and all are mapped in the first namespace. */
    private static final String ALL = " 4294967295";

    private CurrentUser() {}

    private static Path witness() {
        return Files.exists(SELF) ? SELF : Path.of(System.getProperty("user.home", "/"));
    }

    /** The numeric user id. */
    public static int uid() throws IOException {
        return (Integer) Files.getAttribute(witness(), "unix:uid");
    }

    /**
     * Refuses to be everybody: in a user namespace all users without a number there have the same, and a process that is one
     * of them cannot tell its own files and peers from theirs.
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

    /** Whether a user id is what this user namespace shows of users who have none in it. The first namespace has all. */
    static boolean standsForMany(int uid) {
        try {
            return read(OVERFLOW).equals(Integer.toString(uid)) && !read(MAP).endsWith(ALL);
        } catch (IOException e) {
            // No Linux, or no user namespaces.
            return false;
        }
    }

    /** In one go: who reads a number of the kernel's in pieces gets its first digit. */
    private static String read(String file) throws IOException {
        byte[] bytes = new byte[256];
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(bytes, 0, Math.max(0, in.read(bytes)), StandardCharsets.US_ASCII).strip();
        }
    }

    /**
     * Asks the kernel who connected.
     *
     * @param allowRoot whether the superuser may
     * @throws ForeignUserException when it is another user
     */
    public static void checkClient(SocketChannel channel, boolean allowRoot) throws IOException {
        checkMapped();
        UserPrincipal peer = peer(channel);
        UserPrincipal self = Files.getOwner(witness());
        if (!peer.equals(self) && !(allowRoot && isRoot(peer))) {
            throw new ForeignUserException(peer, self);
        }
    }

    /**
     * Asks the kernel who listens.
     *
     * @param allowRoot whether it may be the superuser; and when this process is the superuser's, the user whom the
     *     socket's directory belongs to
     * @throws ForeignUserException when it is another user
     */
    public static void checkDaemon(SocketChannel channel, Path directory, boolean allowRoot) throws IOException {
        checkMapped();
        UserPrincipal peer = peer(channel);
        UserPrincipal self = Files.getOwner(witness());
        boolean allowed = peer.equals(self);
        if (!allowed && allowRoot) {
            allowed = isRoot(peer) || (isRoot(self) && peer.equals(Files.getOwner(directory)));
        }
        if (!allowed) {
            throw new ForeignUserException(peer, self);
        }
    }

    /** Loads most of what asking the kernel takes. */
    public static void preload(SocketChannel channel) throws IOException {
        var owner = Files.getOwner(witness());
        String option = ExtendedSocketOptions.SO_PEERCRED.name();
        // Most of what any channel looks through when it is asked for one of its options.
        int options = channel.supportedOptions().size();
        assert owner != null && option != null && options > 0;
    }

    public static UserPrincipal peer(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return peer.user();
    }

    private static boolean isRoot(UserPrincipal user) throws IOException {
        // A number is looked up as a user id; the superuser's name is not "root" everywhere.
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

        /** What the other process is told. */
        public String toTheOther() {
            return "this daemon belongs to user " + self + " and serves nobody else; you are user " + peer;
        }
    }
}
