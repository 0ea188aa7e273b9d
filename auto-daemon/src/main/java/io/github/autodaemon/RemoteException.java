package io.github.autodaemon;

import io.github.autodaemon.internal.fs.Printable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A method of the service threw, or does not exist. The message is the service's, fit for a terminal; {@link #properties()}
 * has it to the letter. The cause, if there is one, is a remote exception too, with the message and type of the cause in the
 * daemon. Any thread may use it.
 *
 * <p>A checked exception that the method of the service's interface declares is thrown itself by a blocking call, with the
 * message and with this exception as its cause, if the service threw just that class and it has a public constructor that
 * takes a text. Others, subclasses among them, and all those of futures and sequences, are remote exceptions.
 */
public final class RemoteException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    /** As many as a daemon of this library tells; whoever else answers may not make more. */
    private static final int MAX_CAUSES = 10;

    private final LinkedHashMap<String, @Nullable Object> properties;

    public RemoteException(Map<?, ?> error) {
        this(error, cause(error));
        stack().ifPresent(stack -> addSuppressed(new RemoteStack(stack)));
    }

    private RemoteException(Map<?, ?> error, @Nullable RemoteException cause) {
        super(String.valueOf(error.get("message")), cause);
        properties = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : error.entrySet()) {
            properties.put(String.valueOf(entry.getKey()), entry.getValue());
        }
    }

    private static @Nullable RemoteException cause(Map<?, ?> error) {
        RemoteException cause = null;
        if (error.get("causes") instanceof List<?> causes) {
            for (int i = Math.min(causes.size(), MAX_CAUSES) - 1; i >= 0; i--) {
                if (causes.get(i) instanceof Map<?, ?> told) {
                    cause = new RemoteException(told, cause);
                }
            }
        }
        return cause;
    }

    /** The class name of what was thrown, when the service is written in Java. */
    public Optional<String> type() {
        return text("type");
    }

    /**
     * The stack of what was thrown, with those of its causes, as text; empty unless {@link
     * AutoDaemonBuilder#remoteStacks} asked for it. {@link #printStackTrace()} shows it.
     */
    public Optional<String> stack() {
        return text("stack");
    }

    private Optional<String> text(String property) {
        return properties.get(property) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * Everything the error object carried, as plain JSON values, unmodifiable: of the simple fields of what was thrown those that it
     * shows publicly, by their names; npm's errors have properties such as {@code code}.
     */
    @SuppressWarnings("exports") // A compiler does without an annotation that it does not find.
    public Map<String, @Nullable Object> properties() {
        return Collections.unmodifiableMap(properties);
    }

    /** With the class name of what was thrown, too. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // The message is the service's alone.
    public String toString() {
        String type = type().orElse("");
        // Who has no message has the type's name for one.
        return type.isEmpty() || type.equals(getMessage())
                ? super.toString()
                : getClass().getName() + ": " + type + ": " + getMessage();
    }

    /** Shows the stack in the daemon wherever this exception's is shown: in a log, and as the cause of another. */
    private static final class RemoteStack extends Exception {
        private static final long serialVersionUID = 1;

        RemoteStack(String stack) {
            super("thrown in the daemon:\n\t\t" + Printable.of(stack).replace("\n", "\n\t\t"), null, false, false);
        }
    }
}
