package io.github.autodaemon.admin;

import io.github.autodaemon.AutoDaemonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks many daemons at once for their status. A timeout that is enough for each daemon is too short for all when the
 * processors are busy, also with this scan, and some daemons may answer at once while others are asked in a moment in
 * which nothing runs. So silent daemons are asked again for as long as answers come.
 */
final class ParallelScan {
    /** Each daemon that does not answer takes a thread for the whole timeout. */
    private static final int AT_ONCE = 128;

    /** Inspects one path, within its timeout. */
    interface Looking {
        List<Daemon> at(Path place) throws InterruptedException;
    }

    private final Looking looking;
    private final Map<Path, List<Daemon>> found = new LinkedHashMap<>();

    ParallelScan(Looking looking) {
        this.looking = looking;
    }

    /** The daemons at these paths. */
    List<Daemon> of(Collection<Path> places) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, places.size())), task -> {
            Thread thread = new Thread(task, "auto-daemon-probe");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Path> asked = List.copyOf(places);
            List<Path> silent = ask(threads, asked);
            while (!silent.isEmpty() && silent.size() < asked.size()) {
                asked = silent;
                silent = ask(threads, asked);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AutoDaemonException("interrupted while looking for daemons", e);
        } catch (ExecutionException e) {
            throw new AutoDaemonException("a daemon could not be looked at: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
        List<Daemon> all = new ArrayList<>();
        found.values().forEach(all::addAll);
        return all;
    }

    /** Asks the daemons at these paths, and returns the paths of silent daemons. */
    private List<Path> ask(ExecutorService threads, List<Path> places) throws InterruptedException, ExecutionException {
        List<Callable<List<Daemon>>> looks = new ArrayList<>();
        for (Path place : places) {
            looks.add(() -> looking.at(place));
        }
        List<Future<List<Daemon>>> seen = threads.invokeAll(looks);
        List<Path> silent = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            List<Daemon> daemons = seen.get(i).get();
            found.put(places.get(i), daemons);
            if (daemons.stream().anyMatch(daemon -> daemon.state() == Daemon.State.NOT_RESPONDING)) {
                silent.add(places.get(i));
            }
        }
        return silent;
    }
}
