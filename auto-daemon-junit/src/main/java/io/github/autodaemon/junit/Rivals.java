package io.github.autodaemon.junit;

import java.lang.reflect.Field;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** The extensions in fields of a test that could fill one parameter, by the names of the fields. */
record Rivals(Map<String, DaemonExtension<?>> byField, String parameter) {
    static Rivals of(ParameterContext parameter, ExtensionContext context) {
        Map<String, DaemonExtension<?>> byField = new LinkedHashMap<>();
        Type type = parameter.getParameter().getParameterizedType();
        List<Object> instances = new ArrayList<>();
        context.getTestInstances().ifPresent(all -> instances.addAll(all.getAllInstances()));
        Collections.reverse(instances);
        for (Class<?> c = context.getRequiredTestClass(); c != null; c = c.getEnclosingClass()) {
            for (Field field : AnnotationSupport.findAnnotatedFields(c, RegisterExtension.class)) {
                Object instance = instances.stream()
                        .filter(field.getDeclaringClass()::isInstance)
                        .findFirst()
                        .orElse(null);
                if ((instance != null || ModifierSupport.isStatic(field))
                        && ReflectionSupport.tryToReadFieldValue(field, instance)
                                        .toOptional()
                                        .orElse(null)
                                instanceof DaemonExtension<?> extension
                        && extension.fits(type)) {
                    byField.putIfAbsent(field.getName(), extension);
                }
            }
        }
        return new Rivals(
                byField,
                parameter.getParameter().isNamePresent()
                        ? parameter.getParameter().getName()
                        : "");
    }

    /** Whether it is known which is meant. */
    boolean isClear() {
        return byField.size() < 2 || byField.containsKey(parameter);
    }

    /** Whether {@code extension} is to fill the parameter, or to say why nobody can. */
    boolean chooses(DaemonExtension<?> extension) {
        if (byField.size() < 2) {
            return true;
        }
        DaemonExtension<?> named = byField.get(parameter);
        return extension.equals(
                named != null ? named : byField.values().iterator().next());
    }
}
