package io.github.autodaemon.internal.socket;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Who this process is, and whether the process at the other end of a socket is the same user. */
public final class CurrentUser {
    /** On Linux this belongs to the effective user of the process that looks; elsewhere the home directory has to do. */
    private static final Path SELF = Path.of("/proc/self");

    private CurrentUser() {}

    private static Path witness() {
        return Files.exists(SELF) ? SELF : Path.of(System.getProperty("user.home", "/"));
    }

    /** The numeric user id. */
    public static int uid() throws IOException {
        return (Integer) Files.getAttribute(witness(), "unix:uid");
    }

    /**
     * Asks the kernel who connected.
     *
     * @param allowRoot whether the superuser may
     * @throws ForeignUserException when it is another user
     */
    public static void checkClient(SocketChannel channel, boolean allowRoot) throws IOException {
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
    public static void checkDaemon(SocketChannel channel, SocketPath socket, boolean allowRoot) throws IOException {
        UserPrincipal peer = peer(channel);
        UserPrincipal self = Files.getOwner(witness());
        boolean allowed = peer.equals(self);
        if (!allowed && allowRoot) {
            allowed = isRoot(peer) || (isRoot(self) && peer.equals(Files.getOwner(socket.directory())));
        }
        if (!allowed) {
            throw new ForeignUserException(peer, self);
        }
    }

    /** Loads most of what asking the kernel takes. */
    static void rehearse(SocketChannel channel) throws IOException {
        var owner = Files.getOwner(witness());
        String option = ExtendedSocketOptions.SO_PEERCRED.name();
        // Most of what any channel looks through when it is asked for one of its options.
        int options = channel.supportedOptions().size();
        assert owner != null && option != null && options > 0;
    }

    static UserPrincipal peer(SocketChannel channel) throws IOException {
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
