package io.github.autodaemon.warm;

import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tool's commands, one at a time, in a process that was started as the tool's own JVM would be. What cannot be
 * the caller's own in this process is declined, and the caller runs it cold.
 */
public final class WarmProgram implements Program {
    /** A variable of the caller that has this process started and nothing run. */
    static final String START = "AUTODAEMON_WARM_START";

    /** What a tool may keep from command to command. */
    private static final long MOST_KEPT = 512L << 20;

    static final String BYPASSED = "the tool, or a process that it starts, uses the descriptors of its process"
            + " itself, and a daemon has others";

    /** As when the connection was lost. */
    private static final int MAY_HAVE_RUN = 125;

    private static final double FULL = 0.75;

    /** One command, and what comes after it. */
    private final Semaphore turn = new Semaphore(1);

    private volatile boolean busy;
    private final Variables variables = new Variables();
    private final Set<String> known = new TreeSet<>();
    private volatile boolean wantsConsole;
    private volatile boolean bypasses;
    private volatile @Nullable String retires;

    /** Made with the first command. */
    private @Nullable Prepared prepared;

    private record Prepared(Tool tool, MethodHandle main, Streams streams, ProcessState state) {}

    /** For the library. */
    public WarmProgram() {}

    @Override
    public Optional<String> declines(Invocation in) {
        String why = doubt(in);
        if (why != null) {
            Knowledge.of(Tool.of(in.daemonArgs())).declined(in.directory(), why);
        }
        return Optional.ofNullable(why);
    }

    private @Nullable String doubt(Invocation in) {
        Tool here;
        try {
            here = prepare(in).tool();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            retire(in, "the main method cannot be called: " + e);
            return "the main method cannot be called: " + e;
        }
        String retired = retires;
        if (retired != null) {
            return "the daemon leaves: " + retired;
        }
        if (!in.directory().toString().equals(here.directory())) {
            return "the daemon's directory is " + here.directory();
        }
        if (!Tool.base(in.environment()).equals(here.base())) {
            return "the locale, the zone, HOME or PATH is another than the daemon's";
        }
        String variable = variables.differing(in.environment());
        if (variable != null) {
            return "the tool has read the variable " + variable + " in this daemon, and it had another value";
        }
        if (wantsConsole && in.terminal().isInput() && in.terminal().isOutput()) {
            return "the tool looks at the console, which a daemon has not";
        }
        if (bypasses) {
            return BYPASSED;
        }
        return busy ? "another command runs in the daemon" : null;
    }

    @Override
    public int run(Invocation in) throws Exception {
        if (in.environment().containsKey(START)) {
            return 0;
        }
        turn.acquire();
        boolean handed = false;
        busy = true;
        try {
            Prepared here = prepare(in);
            ToolCommand command = command(in, here);
            int code = command.run();
            if (bypasses) {
                in.err()
                        .println(in.name() + ": " + BYPASSED + ": input or output of this command may be lost; from now"
                                + " on the tool runs cold");
                code = MAY_HAVE_RUN;
            }
            // After the caller has its exit code, and before the next command. The caller's own queue may be closed.
            Thread tidier = new Thread(() -> tidy(in, here, command), "auto-daemon-tidy");
            tidier.setDaemon(true);
            tidier.start();
            handed = true;
            return code;
        } finally {
            busy = false;
            if (!handed) {
                turn.release();
            }
        }
    }

    private void tidy(Invocation in, Prepared here, ToolCommand command) {
        try {
            here.streams().install();
            String cannot = here.state().restore();
            String left = command.left();
            if (known.addAll(variables.names())) {
                Knowledge.of(here.tool()).learn(known);
            }
            if (left == null && cannot == null && isFull()) {
                System.gc();
                left = isFull() ? "it keeps too much in its heap" : null;
            }
            if (left != null || cannot != null) {
                retire(in, left != null ? left : String.valueOf(cannot));
            }
        } finally {
            turn.release();
        }
    }

    private void retire(Invocation in, String why) {
        retires = why;
        in.server().close();
    }

    private static boolean isFull() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() > Math.min(MOST_KEPT, FULL * runtime.maxMemory());
    }

    /** Loads the tool's main class; not its own static state, since a JVM has the streams first. */
    private synchronized Prepared prepare(Invocation in) throws ReflectiveOperationException {
        if (prepared != null) {
            return prepared;
        }
        Tool made = Tool.of(in.daemonArgs());
        Knowledge knowledge = Knowledge.of(made);
        wantsConsole = knowledge.has(Knowledge.CONSOLE);
        bypasses = knowledge.has(Knowledge.BYPASSES);
        System.setProperty("java.class.path", made.classPath());
        if (!made.headless()) {
            System.clearProperty("java.awt.headless");
        }
        Streams installed = new Streams(charset("stdout"), charset("stderr"));
        installed.install();
        Class<?> type = Class.forName(made.main(), false, ClassLoader.getSystemClassLoader());
        Method method = type.getMethod("main", String[].class);
        if (!Modifier.isStatic(method.getModifiers()) || method.getReturnType() != void.class) {
            throw new IllegalStateException(made.main() + " has no static main method");
        }
        if (!Modifier.isPublic(type.getModifiers())) {
            method.setAccessible(true);
        }
        MethodHandle main = MethodHandles.lookup().unreflect(method).asFixedArity();
        Prepared done = new Prepared(made, main, installed, new ProcessState());
        prepared = done;
        return done;
    }

    /** What the JVM has found out about its own stream, before any command. */
    private static Charset charset(String stream) {
        String name = System.getProperty(stream + ".encoding", System.getProperty("sun." + stream + ".encoding"));
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }

    private ToolCommand command(Invocation in, Prepared here) {
        String shown = here.tool().shown() + " " + String.join(" ", in.args());
        here.state().set("sun.java.command", shown.strip());
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        return new ToolCommand(in, here.main(), here.streams(), variables, new Lesson(here.tool()), root);
    }

    /** What a command shows about its tool. */
    private final class Lesson implements ToolCommand.Observer {
        private final Tool tool;

        Lesson(Tool tool) {
            this.tool = tool;
        }

        @Override
        public void console() {
            if (!wantsConsole) {
                wantsConsole = true;
                Knowledge.of(tool).learn(Set.of(Knowledge.CONSOLE));
            }
        }

        @Override
        public void bypasses() {
            if (!bypasses) {
                bypasses = true;
                Knowledge.of(tool).learn(Set.of(Knowledge.BYPASSES));
            }
        }
    }
}
