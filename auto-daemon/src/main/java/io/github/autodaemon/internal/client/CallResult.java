package io.github.autodaemon.internal.client;

import io.github.autodaemon.internal.rpc.Response;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a call.
 *
 * @param answer the answer, or null when it was lost
 * @param mayHaveRun whether a lost call had been sent
 * @param reason why it was lost
 */
public record CallResult(@Nullable Response answer, boolean mayHaveRun, String reason) {
    /** No answer came in time. */
    static final CallResult TIMED_OUT = new CallResult(null, true, "it took too long");

    /** True if no answer came in time. */
    @SuppressWarnings("ReferenceEquality") // There is one; a record's equals() is made at run time, in milliseconds.
    public boolean isTimedOut() {
        return this == TIMED_OUT;
    }
}
