package io.github.autodaemon.warm.agent;

import java.io.FileDescriptor;
import java.util.Arrays;
import java.util.Map;

/**
 * Called at the beginning of methods of the JDK whose effect is on the whole process. While a command runs, and for its
 * threads only, the effect is the command's.
 */
@SuppressWarnings("ReferenceEquality") // There is one object for each of the standard descriptors.
public final class Hooks {
    /** The command that runs. */
    public interface Command {
        /** True if the thread is one of the command's. */
        boolean has(Thread thread);

        /** The exit of the process, with its hooks or without. Does not return. */
        void exit(int status, boolean hooks);

        /** A hook for the exit is added, or removed again. */
        void hook(Thread hook, boolean added);

        /** A file is to be deleted at the exit. */
        void deleteOnExit(String path);

        /** The value of a variable; null for none. */
        String variable(String name);

        /** All variables. */
        Map<String, String> variables();

        /** The console is asked for. */
        void console();

        /** Something reads or writes the standard descriptors of this process, which are none of the command's. */
        void bypasses();
    }

    /** Ends a thread of a command that has exited. */
    public static final class Exit extends Error {
        private static final long serialVersionUID = 1;

        /** An error without a stack. */
        public Exit() {
            super("the command has exited", null, false, false);
        }
    }

    private static final String BOTTOM = "io.github.autodaemon.warm.ToolCommand";

    private static volatile Command command;

    private Hooks() {}

    /** Begins a command, or ends one with null. */
    public static void begin(Command next) {
        command = next;
    }

    private static Command mine() {
        Command now = command;
        return now != null && now.has(Thread.currentThread()) ? now : null;
    }

    /** Runtime.exit. */
    public static void exit(int status) {
        Command mine = mine();
        if (mine != null) {
            mine.exit(status, true);
        }
    }

    /** Runtime.halt. */
    public static void halt(int status) {
        Command mine = mine();
        if (mine != null) {
            mine.exit(status, false);
        }
    }

    /** Runtime.addShutdownHook; true when the command has it. */
    public static boolean addHook(Thread hook) {
        Command mine = mine();
        if (mine != null) {
            mine.hook(hook, true);
        }
        return mine != null;
    }

    /** Runtime.removeShutdownHook; true when that was the command's matter. */
    public static boolean removeHook(Thread hook) {
        Command mine = mine();
        if (mine != null) {
            mine.hook(hook, false);
        }
        return mine != null;
    }

    /** File.deleteOnExit; true when the command does it. */
    public static boolean deleteOnExit(String path) {
        Command mine = mine();
        if (mine != null) {
            mine.deleteOnExit(path);
        }
        return mine != null;
    }

    /** True if the variables are the command's. */
    public static boolean hasVariables() {
        return mine() != null;
    }

    /** System.getenv(name), when {@link #hasVariables()}. */
    public static String variable(String name) {
        Command mine = mine();
        return mine == null ? null : mine.variable(name);
    }

    /** System.getenv(), when {@link #hasVariables()}. */
    public static Map<String, String> variables() {
        Command mine = mine();
        return mine == null ? Map.of() : mine.variables();
    }

    /** The environment of a process that is to be started was made from this process's own. */
    public static Map<String, String> forChild(Map<String, String> environment) {
        Command mine = mine();
        if (mine != null) {
            environment.clear();
            environment.putAll(mine.variables());
        }
        return environment;
    }

    /** ProcessBuilder.start: a process without an environment of its own would have this process's. */
    public static void starting(ProcessBuilder builder) {
        Command mine = mine();
        if (mine == null) {
            return;
        }
        builder.environment();
        if (builder.redirectInput().equals(ProcessBuilder.Redirect.INHERIT)
                || builder.redirectOutput().equals(ProcessBuilder.Redirect.INHERIT)
                || (builder.redirectError().equals(ProcessBuilder.Redirect.INHERIT)
                        && !builder.redirectErrorStream())) {
            mine.bypasses();
        }
    }

    /** The stack of a thread of the command ends with the tool's main method, as in a JVM of its own. */
    public static StackTraceElement[] stack(StackTraceElement[] stack) {
        // What runs the main method is followed by a frame of Thread or two.
        for (int i = stack.length - 1; i >= 0 && i >= stack.length - 3; i--) {
            if (stack[i].getClassName().equals(BOTTOM)) {
                return Arrays.copyOf(stack, i);
            }
        }
        return stack;
    }

    /** A stream on a descriptor is made. */
    public static void stream(FileDescriptor descriptor) {
        if (descriptor == FileDescriptor.in || descriptor == FileDescriptor.out || descriptor == FileDescriptor.err) {
            Command mine = mine();
            if (mine != null) {
                mine.bypasses();
            }
        }
    }

    /** System.console. */
    public static void console() {
        Command mine = mine();
        if (mine != null) {
            mine.console();
        }
    }
}
