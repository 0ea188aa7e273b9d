package io.github.autodaemon;

import io.github.autodaemon.internal.fs.Printable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A method of the service threw, or does not exist. The message is the service's, with terminal control characters
 * replaced; {@link #properties()} has the exact text. The cause, if there is one, is a remote exception too, with the
 * message and type of the cause in the daemon. Any thread may use this object.
 *
 * <p>If the service throws a checked exception that the method of the service's interface declares, a blocking call
 * throws that exception itself, with the message and with this exception as its cause, if the service threw exactly
 * that class and the class has a public constructor that takes a text. Other exceptions, including subclasses, and all
 * exceptions of futures and sequences, are remote exceptions.
 */
public final class RemoteException extends AutoDaemonException {
    private static final long serialVersionUID = 1;

    /** As many as a daemon of this library sends; other peers cannot cause more. */
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

    /** The class name of the thrown exception, when the service is written in Java. */
    public Optional<String> type() {
        return text("type");
    }

    /**
     * The stack of the thrown exception, with the stacks of its causes, as text; empty unless
     * {@link AutoDaemonBuilder#remoteStacks} is on. {@link #printStackTrace()} shows the stack.
     */
    public Optional<String> stack() {
        return text("stack");
    }

    private Optional<String> text(String property) {
        return properties.get(property) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /**
     * All fields of the error object, as plain JSON values, unmodifiable: among them the public simple fields of the
     * thrown exception, by their names; npm's errors have properties such as {@code code}.
     */
    @SuppressWarnings("exports") // A compiler does without an annotation that it does not find.
    public Map<String, @Nullable Object> properties() {
        return Collections.unmodifiableMap(properties);
    }

    /** Includes the class name of the thrown exception. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // The message is the service's alone.
    public String toString() {
        String type = type().orElse("");
        // An exception without a message has the type's name as its message.
        return type.isEmpty() || type.equals(getMessage())
                ? super.toString()
                : getClass().getName() + ": " + type + ": " + getMessage();
    }

    /**
     * Shows the stack in the daemon wherever this exception's stack is shown: in a log, and as the cause of another
     * exception.
     */
    private static final class RemoteStack extends Exception {
        private static final long serialVersionUID = 1;

        RemoteStack(String stack) {
            super("thrown in the daemon:\n\t\t" + Printable.of(stack).replace("\n", "\n\t\t"), null, false, false);
        }
    }
}
