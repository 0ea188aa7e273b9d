package io.github.autodaemon.bench.report;

import java.util.List;

/** Two that were measured in turns, and what was hoped for. */
record Comparison(String what, Series ours, Series peer, String goal, String met) {
    static final List<String> HEAD = List.of(
            "what",
            "unit",
            "ours",
            "peer",
            "ratio",
            "goal",
            "met",
            "ratio, quartiles",
            "ours, quartiles",
            "peer, quartiles");

    static Comparison of(Goal goal, Series ours, Series peer, int jdk) {
        double ratio = ours.median() / peer.median();
        return new Comparison(
                goal.row() + ": " + goal.who() + " beside " + goal.peer(),
                ours,
                peer,
                goal.words(jdk),
                goal.isSet(jdk) ? goal.isMet(ratio, jdk) ? "yes" : "no" : "");
    }

    double ratio() {
        return ours.median() / peer.median();
    }

    List<String> cells() {
        Series pairs = ours.beside(peer);
        return List.of(
                what,
                ours.unit(),
                Numbers.figure(ours.median()),
                Numbers.figure(peer.median()),
                Numbers.ratio(ratio()),
                goal,
                met,
                Numbers.ratio(pairs.quantile(.25)) + ".." + Numbers.ratio(pairs.quantile(.75)),
                Numbers.quartiles(ours),
                Numbers.quartiles(peer));
    }
}
