package io.github.autodaemon;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A service whose types need codecs, and the codecs. */
final class Diaries {
    private Diaries() {}

    /** A date as its text. */
    public static final class Dates implements Codec<LocalDate> {
        /** For the daemon. */
        public Dates() {}

        @Override
        public Object toPlain(LocalDate date) {
            return date.toString();
        }

        @Override
        public LocalDate fromPlain(Object plain) {
            return LocalDate.parse((String) plain);
        }
    }

    /** A date as its number. */
    public static final class Days implements Codec<LocalDate> {
        /** For the daemon. */
        public Days() {}

        @Override
        public Object toPlain(LocalDate date) {
            return date.toEpochDay();
        }

        @Override
        public LocalDate fromPlain(Object plain) {
            return LocalDate.ofEpochDay(((Number) plain).longValue());
        }
    }

    public static final class Zones implements Codec<ZoneId> {
        /** For the daemon. */
        public Zones() {}

        @Override
        public Object toPlain(ZoneId zone) {
            return zone.getId();
        }

        @Override
        public ZoneId fromPlain(Object plain) {
            return ZoneId.of((String) plain);
        }
    }

    sealed interface Shape permits Circle, Square {}

    record Circle(double radius) implements Shape {}

    record Square(double side) implements Shape {}

    /** Says which. */
    public static final class Shapes implements Codec<Shape> {
        /** For the daemon. */
        public Shapes() {}

        @Override
        public Object toPlain(Shape shape) {
            return shape instanceof Circle circle
                    ? Map.of("circle", circle.radius())
                    : Map.of("square", ((Square) shape).side());
        }

        @Override
        public Shape fromPlain(Object plain) {
            Map<?, ?> map = (Map<?, ?>) plain;
            return map.get("circle") instanceof Number radius
                    ? new Circle(radius.doubleValue())
                    : new Square((Double) Objects.requireNonNull(map.get("square")));
        }
    }

    record Event(String name, LocalDate date, Optional<LocalDate> until) {}

    record Pair<A, B>(A first, B second) {}

    static class Room {
        LocalDate built = LocalDate.EPOCH;

        @Nullable
        Shape plan;

        Object anything = "";

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Room room
                    && built.equals(room.built)
                    && String.valueOf(plan).equals(String.valueOf(room.plan))
                    && anything.equals(room.anything);
        }

        @Override
        public int hashCode() {
            return built.hashCode();
        }
    }

    interface Diary {
        LocalDate after(LocalDate date, int days);

        Event event(Event event);

        Map<LocalDate, List<Event>> byDate(List<Event> events, LocalDate... more);

        Optional<ZoneId> zone(@Nullable ZoneId zone);

        Pair<Shape, LocalDate[]> pair(Pair<Shape, LocalDate[]> pair);

        Circle circle(Circle circle);

        Room room(Room room);

        Object any(Object value);
    }

    static final class DiaryService implements Service<Diary> {
        @Override
        public Diary connected(Client client) {
            return new Diary() {
                @Override
                public LocalDate after(LocalDate date, int days) {
                    return date.plusDays(days);
                }

                @Override
                public Event event(Event event) {
                    return event;
                }

                @Override
                public Map<LocalDate, List<Event>> byDate(List<Event> events, LocalDate... more) {
                    Map<LocalDate, List<Event>> all = new LinkedHashMap<>();
                    for (Event event : events) {
                        all.put(event.date(), List.of(event));
                    }
                    for (LocalDate date : more) {
                        all.put(date, List.of());
                    }
                    return all;
                }

                @Override
                public Optional<ZoneId> zone(@Nullable ZoneId zone) {
                    return Optional.ofNullable(zone);
                }

                @Override
                public Pair<Shape, LocalDate[]> pair(Pair<Shape, LocalDate[]> pair) {
                    return pair;
                }

                @Override
                public Circle circle(Circle circle) {
                    return circle;
                }

                @Override
                public Room room(Room room) {
                    return room;
                }

                @Override
                public Object any(Object value) {
                    return value.equals("date") ? List.of(LocalDate.EPOCH) : value;
                }
            };
        }
    }
}
