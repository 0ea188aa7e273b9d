package io.github.autodaemon;

import io.github.autodaemon.internal.server.Index;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks many daemons at once who they are. A patience that is enough for each of them is too short for all when the
 * processors are busy, with this very survey for one thing: whoever is stopped is told from who has had no turn by what the
 * others did meanwhile.
 */
final class Survey {
    /** Those that do not answer take a thread each for as long as the patience. */
    private static final int AT_ONCE = 128;

    /** What was found at one place, and in what time. */
    private record Found(Path place, List<Daemon> daemons, long nanos) {
        boolean isSilent() {
            for (Daemon daemon : daemons) {
                if (daemon.state() == Daemon.State.NOT_RESPONDING) {
                    return true;
                }
            }
            return false;
        }
    }

    private final Map<Path, List<Index.Entry>> places;
    private final Duration patience;
    private final Map<Path, List<Daemon>> found = new LinkedHashMap<>();

    Survey(Map<Path, List<Index.Entry>> places, Duration patience) {
        this.places = places;
        this.patience = patience;
    }

    /** All that is there. */
    List<Daemon> run() {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, places.size())), task -> {
            Thread thread = new Thread(task, "auto-daemon-probe");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Path> open = List.copyOf(places.keySet());
            while (!open.isEmpty()) {
                open = round(threads, open);
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

    /** Asks those at these places, and returns whom to ask again. */
    private List<Path> round(ExecutorService threads, List<Path> asked)
            throws InterruptedException, ExecutionException {
        List<Callable<Found>> looks = new ArrayList<>();
        for (Path place : asked) {
            looks.add(() -> {
                long began = System.nanoTime();
                List<Daemon> there = Look.at(place, places.getOrDefault(place, List.of()), false, patience);
                return new Found(place, there, System.nanoTime() - began);
            });
        }
        List<Path> silent = new ArrayList<>();
        long slowest = 0;
        for (Future<Found> look : threads.invokeAll(looks)) {
            Found one = look.get();
            found.put(one.place(), one.daemons());
            if (one.isSilent()) {
                silent.add(one.place());
            } else {
                slowest = Math.max(slowest, one.nanos());
            }
        }
        return slowest > patience.toNanos() / 2 ? silent : List.of();
    }
}
