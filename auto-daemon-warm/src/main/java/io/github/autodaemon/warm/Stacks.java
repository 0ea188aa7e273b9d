package io.github.autodaemon.warm;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stacks of a tool's exceptions, which in its own JVM end with its main method. */
final class Stacks {
    private Stacks() {}

    /** Takes off what is below the main method, in causes and suppressed exceptions, too. */
    static void strip(Throwable t, String main) {
        strip(t, main, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static void strip(@Nullable Throwable t, String main, Set<Throwable> done) {
        if (t == null || !done.add(t)) {
            return;
        }
        StackTraceElement[] stack = t.getStackTrace();
        for (int i = stack.length - 1; i >= 0; i--) {
            if (stack[i].getClassName().equals(main) && stack[i].getMethodName().equals("main")) {
                t.setStackTrace(Arrays.copyOf(stack, i + 1));
                break;
            }
        }
        strip(t.getCause(), main, done);
        for (Throwable one : t.getSuppressed()) {
            strip(one, main, done);
        }
    }
}
