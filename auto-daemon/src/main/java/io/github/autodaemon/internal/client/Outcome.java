package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Answer;
import org.jspecify.annotations.Nullable;

/**
 * What became of a call.
 *
 * @param answer the answer, or null when it was lost
 * @param mayHaveRun whether a lost call had been sent
 * @param reason why it was lost
 */
public record Outcome(@Nullable Answer answer, boolean mayHaveRun, String reason) {
    /** No answer came in time. */
    static final Outcome OVERDUE = new Outcome(null, true, "it took too long");

    /** Whether no answer came in time. */
    @SuppressWarnings("ReferenceEquality") // There is one; a record's equals() is made at run time, in milliseconds.
    public boolean isOverdue() {
        return this == OVERDUE;
    }
}
