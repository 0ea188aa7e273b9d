package io.github.autodaemon.internal.fs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;

/**
 * Groups of one user. Many systems give each user a group of the same name, and a umask that lets the group write:
 * there a group-writable directory is still writable by no other user.
 */
final class Group {
    private static final int NAME = 0;
    private static final int ID = 2;
    private static final int MEMBERS = 3;
    private static final int GROUP_OF_USER = 3;

    private Group() {}

    /**
     * Whether the group of a file is its owner's alone, as far as this machine's own files show; other sources are not
     * asked.
     */
    static boolean isOwners(Path file) throws IOException {
        PosixFileAttributes facts = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String owner = facts.owner().getName();
        return facts.group().getName().equals(owner) && isOwners(owner, lines("/etc/group"), lines("/etc/passwd"));
    }

    static boolean isOwners(String owner, List<String> groups, List<String> users) {
        for (String line : groups) {
            String[] group = line.split(":", -1);
            if (group.length > MEMBERS && group[NAME].equals(owner)) {
                return (group[MEMBERS].isEmpty() || group[MEMBERS].equals(owner))
                        && isNobodyElses(owner, group[ID], users);
            }
        }
        return false;
    }

    /** The primary group is in the user's entry. */
    private static boolean isNobodyElses(String owner, String id, List<String> users) {
        for (String line : users) {
            String[] user = line.split(":", -1);
            if (user.length > GROUP_OF_USER && user[GROUP_OF_USER].equals(id) && !user[NAME].equals(owner)) {
                return false;
            }
        }
        return true;
    }

    private static List<String> lines(String file) throws IOException {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
