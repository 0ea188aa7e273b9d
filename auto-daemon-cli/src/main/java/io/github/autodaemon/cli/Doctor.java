package io.github.autodaemon.cli;

import static io.github.autodaemon.cli.Table.cell;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.admin.Daemon;
import io.github.autodaemon.admin.Daemons;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks what daemons need of this machine, and says how to mend what is wrong.",
            "Exit code 1 when there is a problem."
        })
final class Doctor extends Printing {
    @Option(
            names = "--report",
            description =
                    "Print what one would attach to a bug report: no arguments, no environment, no home directory.")
    private boolean report;

    @Override
    public Integer call() {
        List<Daemon> daemons = new ArrayList<>();
        List<Finding> findings = findings(daemons);
        boolean problem = findings.stream().anyMatch(one -> one.level() == Finding.Level.PROBLEM);
        if (report) {
            Output.json(report(findings, daemons));
        } else if (json()) {
            Output.json(JsonText.of(findings.stream().map(Doctor::map).toList(), false));
        } else {
            findings.forEach(Doctor::show);
        }
        return problem ? Autod.FAILED : Autod.DONE;
    }

    private static List<Finding> findings(List<Daemon> daemons) {
        List<Finding> findings = new ArrayList<>();
        try {
            findings.addAll(new Checks(Daemons.directory()).run());
        } catch (AutoDaemonException e) {
            findings.add(Finding.problem("directory", String.valueOf(e.getMessage()), "see to that"));
        }
        findings.addAll(Checks.machine());
        try {
            daemons.addAll(Daemons.list());
            findings.addAll(Checks.of(daemons));
        } catch (AutoDaemonException e) {
            findings.add(Finding.problem("daemons", "cannot be listed: " + e.getMessage(), "see to that"));
        }
        return findings;
    }

    private static Map<String, @Nullable Object> map(Finding finding) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("level", finding.level().name().toLowerCase(Locale.ROOT));
        map.put("subject", finding.subject());
        map.put("text", finding.text());
        map.put("mend", finding.mend().isEmpty() ? null : finding.mend());
        return map;
    }

    private static void show(Finding finding) {
        Shown.Colour colour =
                switch (finding.level()) {
                    case OK -> Shown.Colour.GREEN;
                    case WARNING -> Shown.Colour.YELLOW;
                    case PROBLEM -> Shown.Colour.RED;
                };
        String level = finding.level().name().toLowerCase(Locale.ROOT);
        Output.print(List.of(
                new Table.Cell(level, colour),
                cell(" ".repeat(9 - level.length()) + finding.subject() + ": " + finding.text())));
        if (!finding.mend().isEmpty()) {
            Output.print(" ".repeat(9) + "mend: " + finding.mend());
        }
    }

    private String report(List<Finding> findings, List<Daemon> daemons) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        map.put("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
        map.put("processors", Runtime.getRuntime().availableProcessors());
        map.put("encoding", System.getProperty("sun.jnu.encoding"));
        map.put("findings", findings.stream().map(Doctor::map).toList());
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        for (Daemon daemon : daemons) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("state", daemon.state().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            one.put("socket", daemon.socket().toString());
            one.put("version", daemon.version());
            one.put("age", daemon.since().map(Shown::since).orElse(null));
            daemon.status().ifPresent(status -> {
                one.put("jvm", status.details().jvm());
                one.put("clients", status.clients());
                one.put("references", status.references());
                one.put("waiting", status.waiting());
                one.put("calls", status.calls());
                one.put("streams", status.streams());
                one.put("answered", status.details().answered());
                one.put("heap", status.details().heap());
                one.put(
                        "starts",
                        daemon.history().stream()
                                .filter(event -> event.started())
                                .count());
            });
            all.add(one);
        }
        map.put("daemons", all);
        return withoutHome(JsonText.of(map, json()));
    }

    /** A home directory names its user. */
    private static String withoutHome(String text) {
        String home = System.getProperty("user.home", "");
        return home.length() > 1 ? text.replace(home, "~") : text;
    }
}
