package io.github.autodaemon.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.util.HashMap;
import java.util.Map;

/** What a session says to a recorded client: what npm's daemon said, but for the listed differences. */
final class ServerExpectations {
    private static final Map<String, String> DIFFERENT = new HashMap<>(ServerDifferences.SAID);

    static {
        DIFFERENT.putAll(RawServerDifferences.SAID);
    }

    private ServerExpectations() {}

    static boolean covers(Golden golden) {
        return !golden.truncated() && !golden.name().contains("-rs-");
    }

    static String of(Golden golden) {
        String recorded = recorded(golden);
        String different = DIFFERENT.get(golden.id());
        if (different == null) {
            return recorded;
        }
        if (different.equals(recorded)) {
            throw new IllegalStateException(golden.name() + " does not differ");
        }
        return different;
    }

    private static String recorded(Golden golden) {
        Conversation conversation = Conversation.of(golden);
        if (!Services.wrapped(golden.id())) {
            return conversation.told(Side.SERVER);
        }
        StringBuilder out = new StringBuilder("1:");
        for (String line : conversation.lines(Side.SERVER, "1")) {
            JsonArray answer = JsonParser.parseString(line).getAsJsonArray();
            JsonArray args = new JsonArray();
            args.add(answer.get(0));
            answer.set(0, args);
            out.append(' ').append(Shown.json(answer));
        }
        return out.append('\n').toString();
    }
}
