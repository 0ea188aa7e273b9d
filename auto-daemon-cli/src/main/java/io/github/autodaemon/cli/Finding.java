package io.github.autodaemon.cli;

/**
 * Something that {@code autod doctor} has looked at.
 *
 * @param level how it is
 * @param subject what was looked at
 * @param text what was found
 * @param mend what to do about it; empty when nothing is
 */
record Finding(Level level, String subject, String text, String mend) {
    /** How it is. */
    enum Level {
        OK,
        WARNING,
        PROBLEM
    }

    static Finding ok(String subject, String text) {
        return new Finding(Level.OK, subject, text, "");
    }

    static Finding warning(String subject, String text, String mend) {
        return new Finding(Level.WARNING, subject, text, mend);
    }

    static Finding problem(String subject, String text, String mend) {
        return new Finding(Level.PROBLEM, subject, text, mend);
    }
}
