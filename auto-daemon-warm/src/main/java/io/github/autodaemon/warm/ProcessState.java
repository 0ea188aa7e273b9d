package io.github.autodaemon.warm;

import java.security.Security;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** What of this process a tool may change, as it is before the first command. */
final class ProcessState {
    private final Properties properties = System.getProperties();
    private final Properties values = (Properties) properties.clone();
    private final Locale locale = Locale.getDefault();
    private final Locale display = Locale.getDefault(Locale.Category.DISPLAY);
    private final Locale format = Locale.getDefault(Locale.Category.FORMAT);
    private final TimeZone zone = TimeZone.getDefault();
    private final Thread.@Nullable UncaughtExceptionHandler uncaught = Thread.getDefaultUncaughtExceptionHandler();
    private final List<String> providers = providers();

    private static List<String> providers() {
        return java.util.Arrays.stream(Security.getProviders())
                .map(provider -> provider.getName() + " " + provider.getVersionStr())
                .toList();
    }

    /** A property of one command, such as {@code sun.java.command}. */
    void set(String name, String value) {
        properties.setProperty(name, value);
    }

    /** Makes everything as it was; says what cannot be made so. */
    @SuppressWarnings("ReferenceEquality") // Another object with the same values is none that this one may change.
    @Nullable
    String restore() {
        if (System.getProperties() != properties) {
            System.setProperties(properties);
        }
        // Not cleared first: other threads read meanwhile.
        properties.keySet().retainAll(values.keySet());
        values.forEach((name, value) -> {
            if (!value.equals(properties.get(name))) {
                properties.put(name, value);
            }
        });
        Locale.setDefault(locale);
        Locale.setDefault(Locale.Category.DISPLAY, display);
        Locale.setDefault(Locale.Category.FORMAT, format);
        if (!TimeZone.getDefault().equals(zone)) {
            TimeZone.setDefault(zone);
        }
        Thread.setDefaultUncaughtExceptionHandler(uncaught);
        return providers().equals(providers) ? null : "it has changed the list of security providers";
    }
}
