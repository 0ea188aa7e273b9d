package io.github.autodaemon;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A method of the service threw, or does not exist. The message is the service's. */
public final class RemoteException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    private final transient Map<String, @Nullable Object> properties;

    RemoteException(Map<?, ?> error) {
        super(String.valueOf(error.get("message")));
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : error.entrySet()) {
            copy.put(String.valueOf(entry.getKey()), entry.getValue());
        }
        this.properties = copy;
    }

    /** The class name of what was thrown, when the service is written in Java. */
    public Optional<String> type() {
        return properties.get("type") instanceof String type ? Optional.of(type) : Optional.empty();
    }

    /** Everything the error object carried, as plain JSON values; npm's errors have properties such as {@code code}. */
    @SuppressWarnings("exports") // A compiler does without an annotation that it does not find.
    public Map<String, @Nullable Object> properties() {
        return properties;
    }
}
