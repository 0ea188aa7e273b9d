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
     * Asks the kernel who is at the other end.
     *
     * @throws ForeignUserException when it is another user
     */
    public static void check(SocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        UserPrincipal self = Files.getOwner(witness());
        if (!peer.user().equals(self)) {
            throw new ForeignUserException(peer.user().getName(), self.getName());
        }
    }

    /** The process at the other end runs as another user. */
    public static final class ForeignUserException extends IOException {
        private static final long serialVersionUID = 1;

        ForeignUserException(String peer, String self) {
            super("the other end of the socket belongs to user " + peer + ", this process to " + self);
        }
    }
}
