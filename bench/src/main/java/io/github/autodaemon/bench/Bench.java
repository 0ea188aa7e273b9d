package io.github.autodaemon.bench;

import io.github.autodaemon.bench.report.Comparisons;
import io.github.autodaemon.bench.report.Document;
import io.github.autodaemon.bench.report.Results;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Measures, prints one table, and writes the results and the document that shows them:
 * {@code Bench ROOT NODE_MODULES [--quick] [--document] [PART ...]}.
 */
final class Bench {
    private static final Map<String, Part> PARTS = parts();

    /** What runs now, for whoever interrupts it. */
    private static final AtomicReference<Lab> RUNNING = new AtomicReference<>();

    private Bench() {}

    private static Map<String, Part> parts() {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("jvm", JvmPart::measure);
        parts.put("warm", CommandParts::warm);
        parts.put("front", FrontPart::measure);
        parts.put("tools", ToolsPart::measure);
        parts.put("cold", CommandParts::cold);
        parts.put("crowd", CommandParts::crowd);
        parts.put("counts", CommandParts::counts);
        parts.put("calls", CallParts::calls);
        parts.put("threads", CallParts::threads);
        parts.put("items", CallParts::items);
        parts.put("streams", CallParts::streams);
        parts.put("sizes", CallParts::sizes);
        parts.put("memory", MemoryParts::idle);
        parts.put("connections", MemoryParts::connections);
        parts.put("inside", InsidePart::measure);
        return parts;
    }

    /** Runs the parts that are named, or all. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path root = Path.of(args[0]);
        Programs programs = new Programs(root, Path.of(args[1]));
        List<String> wanted = new ArrayList<>(List.of(args).subList(2, args.length));
        boolean quick = wanted.remove("--quick");
        boolean only = wanted.remove("--document");
        for (String name : wanted) {
            if (!PARTS.containsKey(name)) {
                System.err.println("bench: there is no part \"" + name + "\"; there are " + PARTS.keySet());
                System.exit(2);
            }
        }
        // What was measured in haste is looked at, not kept.
        Path home = root.resolve(quick ? "bench/target/quick" : "bench");
        Path file = home.resolve("results").resolve(Programs.jdk() + ".json");
        Results results = Results.read(file);
        boolean failed = false;
        if (!only) {
            Runtime.getRuntime().addShutdownHook(new Thread(Bench::end));
            List<String> names = wanted.isEmpty() ? List.copyOf(PARTS.keySet()) : wanted;
            results.setup().clear();
            results.setup().putAll(Setup.describe(root.resolve("bench/target"), quick));
            for (String name : names) {
                Results.Part part = measure(name, programs, quick);
                results.parts().put(name, part);
                failed |= !part.failures().isEmpty();
                results.write(file);
            }
            Results shown = new Results(results.setup(), new TreeMap<>(results.parts()));
            shown.parts().keySet().retainAll(names);
            System.out.print(Comparisons.text(shown, Programs.jdk()));
        }
        Document.write(home.resolve("results"), quick ? home : root.resolve("docs"), root.resolve("docs"));
        System.exit(failed ? 1 : 0);
    }

    private static void end() {
        Lab lab = RUNNING.get();
        if (lab != null) {
            try {
                lab.close();
            } catch (IOException e) {
                System.err.println("bench: " + e);
            }
        }
    }

    @SuppressWarnings("CatchingUnchecked") // One part that fails does not take the others along.
    private static Results.Part measure(String name, Programs programs, boolean quick) throws InterruptedException {
        System.err.println("bench: " + name + " ...");
        Recorder recorder = new Recorder();
        try (Lab lab = new Lab(programs, quick)) {
            RUNNING.set(lab);
            PARTS.get(name).measure(lab, recorder);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            recorder.failed(name, e);
        }
        RUNNING.set(null);
        Results.Part part = recorder.part();
        System.err.println("bench: " + name + ": " + part.seconds() + " s");
        return part;
    }
}
