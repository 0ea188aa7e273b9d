package io.github.autodaemon.cli;

import io.github.autodaemon.admin.Daemon;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Names of daemons for people. What has no place in a file's name is made plain there and kept apart by a hash, so that {@code
 * "notes /home/me/.cache/notes"} is {@code notes__home_me_.cache_notes~0123456789abcdef}; that is shown as {@code notes~0123},
 * and so can the daemon be named.
 */
final class Names {
    private static final String SUFFIX = ".sock";
    private static final char MARK = '~';

    /** Before the fingerprint of a daemon that serves beside another. */
    private static final char BESIDE = '+';

    private static final int DIGITS = 16;
    private static final int SHOWN = 4;

    private Names() {}

    static String of(Path socket) {
        String file = String.valueOf(socket.getFileName());
        return file.endsWith(SUFFIX) && file.length() > SUFFIX.length()
                ? file.substring(0, file.length() - SUFFIX.length())
                : file;
    }

    /** How a daemon is called in a sentence. */
    static String shown(Daemon daemon) {
        return shown(daemon.name());
    }

    static String shown(String name) {
        return cut(name, SHOWN);
    }

    /** The same in a list, where no two look the same. */
    static String shown(String name, Collection<String> all) {
        int digits = SHOWN;
        while (digits < DIGITS && isShared(name, digits, all)) {
            digits++;
        }
        return cut(name, digits);
    }

    private static boolean isShared(String name, int digits, Collection<String> all) {
        String cut = cut(name, digits);
        for (String other : all) {
            if (!other.equals(name) && cut(other, digits).equals(cut)) {
                return true;
            }
        }
        return false;
    }

    private static String cut(String name, int digits) {
        int mark = mark(name);
        return mark < 0 ? name : word(name, mark) + name.substring(mark, mark + 1 + digits);
    }

    /** Where the hash begins; -1 when there is none. */
    private static int mark(String name) {
        int mark = lastMark(name);
        return mark > 0
                        && name.length() > mark + DIGITS
                        && name.substring(mark + 1).chars().allMatch(c -> Character.digit(c, 16) >= 0)
                ? mark
                : -1;
    }

    private static int lastMark(String name) {
        return Math.max(name.lastIndexOf(MARK), name.lastIndexOf(BESIDE));
    }

    /** What is before the first two characters that had to be made plain, as before a path. */
    private static String word(String name, int mark) {
        int end = name.indexOf("__");
        return end > 0 && end < mark ? name.substring(0, end) : name.substring(0, mark);
    }

    /** Whether somebody who writes this may mean a daemon of that name: its beginning, or what is shown of it. */
    static boolean canMean(String written, String name) {
        int mark = mark(name);
        int cut = lastMark(written);
        return !written.isEmpty()
                && (name.startsWith(written)
                        || (mark > 0
                                && cut > 0
                                && written.substring(0, cut).equals(word(name, mark))
                                && name.startsWith(written.substring(cut), mark)));
    }

    /** Those that differ from it by a slip or two. */
    static List<String> near(String written, Collection<String> names) {
        List<String> near = new ArrayList<>();
        int most = written.length() < 6 ? 1 : 2;
        for (String name : names) {
            if (distance(written, name) <= most) {
                near.add(name);
            }
        }
        return near;
    }

    /** How many letters have to be added, left out or changed. */
    private static int distance(String a, String b) {
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(last[j], row[j - 1]) + 1);
            }
            last = row;
        }
        return last[b.length()];
    }
}
