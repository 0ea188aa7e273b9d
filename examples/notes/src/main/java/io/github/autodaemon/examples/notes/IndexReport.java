package io.github.autodaemon.examples.notes;

/**
 * What one run did, in files.
 *
 * @param added new in the index
 * @param updated changed since they were indexed
 * @param removed in the index until now, and no longer readable text in the folder
 * @param unchanged of the same modification time and size as before
 * @param skipped no text, too large, or not readable
 */
public record IndexReport(int added, int updated, int removed, int unchanged, int skipped) {}
