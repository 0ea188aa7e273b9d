package io.github.autodaemon.warm;

import io.github.autodaemon.Invocation;
import io.github.autodaemon.warm.agent.Hooks;
import java.io.File;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One command of the tool: a main thread in a thread group of its own, as a JVM has them.
 *
 * <pre>
 *   RUNNING --main returned, no thread but daemons left--> ENDING --hooks ran, files deleted--> over
 *      |  System.exit: the first status counts, nothing is written any more, the main thread unwinds
 *      |  Runtime.halt: the same, without hooks and files
 *      |  cancelled: the main thread is interrupted
 *      v
 *   LEAVING --main is over, or does not end in time (then the process retires)--> ENDING
 * </pre>
 */
final class ToolCommand implements Hooks.Command {
    private static final int FAILED = 1;
    private static final int INTERRUPTED = 130;

    /** How long the main thread may take to unwind. */
    private static final long UNWINDING = TimeUnit.SECONDS.toNanos(2);

    /** The group of all virtual threads (JEP 444). What the library does on its own needs none of the hooks. */
    private static final String VIRTUAL = "VirtualThreads";

    private static final long LOOK_MILLIS = 10;

    /** What the tool does that the daemon learns from. Any thread. */
    interface Observer {
        /** It asks for the console. */
        void console();

        /** It reads or writes this process's own descriptors, or has a process do so. */
        void bypasses();
    }

    private final Invocation in;
    private final MethodHandle main;
    private final Streams streams;
    private final Variables variables;
    private final Observer observer;
    private final ThreadGroup group;

    // Guarded by this.
    private @Nullable Integer status;
    private boolean runsHooks = true;
    private boolean mainIsOver;
    private boolean hasExited;
    private final Set<Thread> hooks = new LinkedHashSet<>();
    private final Set<String> files = new LinkedHashSet<>();

    private volatile @Nullable String left;

    ToolCommand(
            Invocation in,
            MethodHandle main,
            Streams streams,
            Variables variables,
            Observer observer,
            ThreadGroup root) {
        this.in = in;
        this.main = main;
        this.streams = streams;
        this.variables = variables;
        this.observer = observer;
        this.group = new ThreadGroup(root, "main");
    }

    /** Runs it to its end; the exit code. */
    int run() {
        Thread thread = new Thread(group, this::runMain, "main");
        thread.setDaemon(false);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        streams.begin(in.in(), in.out(), in.err());
        // A JVM shows its threads and goes on.
        in.onSignal("QUIT", this::showThreads);
        Hooks.begin(this);
        try {
            thread.start();
            try {
                awaitEnd();
            } catch (InterruptedException e) {
                // As at SIGINT: no method of the tool goes on, and its hooks run.
                left = "it was cancelled";
                leave(INTERRUPTED, true);
            }
            unwind(thread);
            end();
            return status();
        } finally {
            Hooks.begin(null);
            streams.end();
        }
    }

    /** Why no further command should run in this process; null when one may. Waits a moment for threads to end. */
    @Nullable
    String left() {
        if (left != null) {
            return left;
        }
        long end = System.nanoTime() + UNWINDING;
        List<Thread> threads = threads();
        while (!threads.isEmpty() && System.nanoTime() - end < 0) {
            try {
                threads.get(0).join(LOOK_MILLIS);
            } catch (InterruptedException e) {
                return "it was interrupted";
            }
            threads = threads();
        }
        return threads.isEmpty() ? null : "the thread \"" + threads.get(0).getName() + "\" goes on after the exit";
    }

    private void showThreads() {
        in.out().println("Full thread dump:");
        for (Thread thread : all()) {
            in.out()
                    .println("\n\"" + thread.getName() + "\"" + (thread.isDaemon() ? " daemon " : " ")
                            + thread.getState());
            for (StackTraceElement element : thread.getStackTrace()) {
                in.out().println("\tat " + element);
            }
        }
    }

    private synchronized int status() {
        return status == null ? 0 : status;
    }

    private void runMain() {
        try {
            main.invokeExact(in.args().toArray(new String[0]));
        } catch (Hooks.Exit e) {
            // The status is known.
            return;
        } catch (Throwable t) {
            failed(t);
        } finally {
            synchronized (this) {
                mainIsOver = true;
                notifyAll();
            }
        }
    }

    /** As the JVM does it, for the same text. */
    private void failed(Throwable t) {
        synchronized (this) {
            if (status != null) {
                return;
            }
            status = FAILED;
        }
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, t);
        } catch (Throwable again) {
            // The JVM ignores it, too.
            assert again != t;
        }
    }

    /** Until the tool has exited, or no thread is left that would keep a JVM running. */
    private void awaitEnd() throws InterruptedException {
        synchronized (this) {
            while (!mainIsOver && !hasExited) {
                wait();
            }
        }
        List<Thread> threads = threads();
        while (!threads.isEmpty() && !hasExited()) {
            threads.get(0).join(LOOK_MILLIS);
            threads = threads();
        }
    }

    private synchronized boolean hasExited() {
        return hasExited;
    }

    /** The threads that would keep a JVM running. */
    private List<Thread> threads() {
        List<Thread> threads = new ArrayList<>();
        for (Thread thread : all()) {
            if (!thread.isDaemon() && thread.isAlive()) {
                threads.add(thread);
            }
        }
        return threads;
    }

    private List<Thread> all() {
        Thread[] some = new Thread[2 * group.activeCount() + 8];
        int count = group.enumerate(some);
        return List.of(java.util.Arrays.copyOf(some, count));
    }

    private void leave(int with, boolean hooked) {
        synchronized (this) {
            if (hasExited) {
                return;
            }
            hasExited = true;
            status = with;
            runsHooks = hooked;
            notifyAll();
        }
        streams.mute();
    }

    private void unwind(Thread thread) {
        if (!hasExited()) {
            return;
        }
        long end = System.nanoTime() + UNWINDING;
        boolean alive = true;
        while (alive && System.nanoTime() - end < 0) {
            thread.interrupt();
            try {
                thread.join(LOOK_MILLIS);
            } catch (InterruptedException e) {
                left = "it was cancelled";
            }
            alive = thread.isAlive();
        }
        if (alive) {
            left = "the main thread goes on after the exit";
        }
    }

    private void end() {
        List<Thread> hooked;
        List<String> doomed;
        synchronized (this) {
            hooked = runsHooks ? List.copyOf(hooks) : List.of();
            doomed = runsHooks ? new ArrayList<>(files) : new ArrayList<>();
        }
        if (!hooked.isEmpty()) {
            streams.begin(in.in(), in.out(), in.err());
            hooked.forEach(Thread::start);
            for (Thread hook : hooked) {
                try {
                    hook.join();
                } catch (InterruptedException e) {
                    left = "it was cancelled";
                    break;
                }
            }
        }
        // The last one first, as the JDK does it.
        Collections.reverse(doomed);
        for (String file : doomed) {
            boolean unused = new File(file).delete();
        }
    }

    @Override
    public boolean has(Thread thread) {
        if (thread instanceof ForkJoinWorkerThread) {
            return true;
        }
        ThreadGroup of = thread.getThreadGroup();
        return of != null && (group.parentOf(of) || of.getName().equals(VIRTUAL));
    }

    @Override
    public void exit(int with, boolean hooked) {
        leave(with, hooked);
        throw new Hooks.Exit();
    }

    @Override
    public synchronized void hook(Thread hook, boolean added) {
        if (added) {
            if (hook.isAlive() || !hooks.add(hook)) {
                throw new IllegalArgumentException("Hook previously registered");
            }
        } else {
            hooks.remove(hook);
        }
    }

    @Override
    public synchronized void deleteOnExit(String path) {
        files.add(path);
    }

    @Override
    public @Nullable String variable(String name) {
        variables.read(name, in.environment());
        return in.environment().get(name);
    }

    @Override
    public Map<String, String> variables() {
        variables.readAll(in.environment());
        return in.environment();
    }

    @Override
    public void console() {
        observer.console();
    }

    @Override
    public void bypasses() {
        observer.bypasses();
    }
}
