package io.github.autodaemon.warm;

import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs a tool's commands, one at a time, in a process that was started as the tool's own JVM would be. What cannot be
 * the caller's own in this process is declined, and the caller runs it cold.
 */
public final class WarmProgram implements Program, ToolCommand.Observer {
    /** A variable of the caller that has this process started and nothing run. */
    static final String START = "AUTODAEMON_WARM_START";

    private static final double FULL = 0.75;

    /** One command, and what comes after it. */
    private final Semaphore turn = new Semaphore(1);

    private volatile boolean busy;
    private final Path directory = Path.of(System.getProperty("user.dir", "/"));
    private final Variables variables = new Variables();
    private final Set<String> known = new TreeSet<>();
    private volatile boolean wantsConsole;
    private volatile boolean inherits;
    private volatile @Nullable String retires;

    // Made with the first command, under the turn.
    private @Nullable Tool tool;
    private @Nullable MethodHandle main;
    private @Nullable Streams streams;
    private @Nullable ProcessState state;

    /** For the library. */
    public WarmProgram() {}

    @Override
    public Optional<String> declines(Invocation in) {
        String why = doubt(in);
        if (why != null) {
            Knowledge.of(Tool.of(in.daemonArgs())).cold(in.directory(), why);
        }
        return Optional.ofNullable(why);
    }

    private @Nullable String doubt(Invocation in) {
        Tool here;
        try {
            here = prepare(in);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            retire(in, "the main method cannot be called: " + e);
            return "the main method cannot be called: " + e;
        }
        String retired = retires;
        if (retired != null) {
            return "the daemon leaves: " + retired;
        }
        if (!in.directory().equals(directory)) {
            return "the daemon's directory is " + directory;
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
        if (inherits) {
            return "the tool starts processes that write to its own streams, which a daemon has not";
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
            Tool here = prepare(in);
            ToolCommand command = command(in, here);
            int code = command.run();
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

    private void tidy(Invocation in, Tool here, ToolCommand command) {
        try {
            Streams through = streams;
            ProcessState before = state;
            if (through == null || before == null) {
                throw new IllegalStateException("the tool is not prepared");
            }
            through.install();
            String cannot = before.restore();
            String left = command.left();
            if (known.addAll(variables.names())) {
                Knowledge.of(here).learn(known);
            }
            if (left == null && cannot == null && used() > FULL) {
                System.gc();
                left = used() > FULL ? "what it keeps fills three quarters of its heap" : null;
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

    private static double used() {
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / (double) runtime.maxMemory();
    }

    /** Loads the tool's main class; not its own static state, since a JVM has the streams first. */
    private synchronized Tool prepare(Invocation in) throws ReflectiveOperationException {
        Tool known = tool;
        if (known != null) {
            return known;
        }
        Tool made = Tool.of(in.daemonArgs());
        Knowledge knowledge = Knowledge.of(made);
        wantsConsole = knowledge.has(Knowledge.CONSOLE);
        inherits = knowledge.has(Knowledge.INHERITS);
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
        main = MethodHandles.lookup().unreflect(method).asFixedArity();
        streams = installed;
        state = new ProcessState();
        tool = made;
        return made;
    }

    /** What the JVM has found out about its own stream, before any command. */
    private static Charset charset(String stream) {
        String name = System.getProperty(stream + ".encoding", System.getProperty("sun." + stream + ".encoding"));
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }

    private ToolCommand command(Invocation in, Tool here) {
        MethodHandle runs = main;
        Streams through = streams;
        ProcessState before = state;
        if (runs == null || through == null || before == null) {
            throw new IllegalStateException("the tool is not prepared");
        }
        before.set("sun.java.command", (here.shown() + " " + String.join(" ", in.args())).strip());
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        return new ToolCommand(in, runs, through, variables, this, root);
    }

    @Override
    public void console() {
        if (!wantsConsole) {
            wantsConsole = true;
            Knowledge.of(Tool.of(daemonArgs())).learn(Set.of(Knowledge.CONSOLE));
        }
    }

    @Override
    public void inherits() {
        if (!inherits) {
            inherits = true;
            Knowledge.of(Tool.of(daemonArgs())).learn(Set.of(Knowledge.INHERITS));
        }
    }

    private java.util.List<String> daemonArgs() {
        Tool here = tool;
        return here == null ? java.util.List.of() : here.toArgs();
    }
}
