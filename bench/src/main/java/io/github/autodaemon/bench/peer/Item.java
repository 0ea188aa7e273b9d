package io.github.autodaemon.bench.peer;

import java.io.Serializable;
import java.util.List;

/** What is carried there and back: eight fields of mixed types. */
public record Item(
        long id, String name, double price, boolean sold, int count, Kind kind, List<String> tags, List<Long> sizes)
        implements Serializable {
    /** A constant of an enum. */
    public enum Kind {
        PART,
        TOOL
    }

    /** The one with this number. */
    public static Item of(int n) {
        return new Item(
                n,
                "item " + n,
                n / 8.0,
                n % 2 == 0,
                n % 100,
                n % 3 == 0 ? Kind.PART : Kind.TOOL,
                List.of("new", "blue"),
                List.of((long) n, 2L * n, 3L * n));
    }
}
