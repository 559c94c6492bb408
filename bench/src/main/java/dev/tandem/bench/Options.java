package dev.tandem.bench;

import java.util.HashMap;
import java.util.Map;

/** What is said to a program of the bench: {@code rank=8 test=yes}. */
final class Options {

    private final Map<String, String> said = new HashMap<>();

    Options(String... args) {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(arg + " is no name=value");
            }
            said.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
    }

    double number(String name, double otherwise) {
        String value = said.get(name);
        return value == null ? otherwise : Double.parseDouble(value);
    }

    String text(String name, String otherwise) {
        return said.getOrDefault(name, otherwise);
    }

    boolean says(String name) {
        return "yes".equals(said.get(name));
    }
}
