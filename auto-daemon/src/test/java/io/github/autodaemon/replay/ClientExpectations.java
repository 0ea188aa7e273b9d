package io.github.autodaemon.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a session that does what a recorded client did says, and what its callers hear. */
final class ClientExpectations {
    private ClientExpectations() {}

    static boolean covers(Golden golden) {
        return !golden.truncated() && !golden.name().contains("-raw-");
    }

    static String said(Golden golden) {
        String recorded = Conversation.of(golden).told(Side.CLIENT);
        return ClientDifferences.different(ClientDifferences.SAID, golden, recorded);
    }

    static String heard(Golden golden) {
        String recorded = HAND_MADE_CALLS.contains(golden.id()) ? "" : recorded(golden);
        return ClientDifferences.different(ClientDifferences.HEARD, golden, recorded);
    }

    /** What these daemons sent is no answer in the way that npm's daemon answers. */
    private static final Set<String> HAND_MADE_CALLS = Set.of("b5", "b6", "b7", "d5", "d6");

    /** Out of the frames: each call's first answer, each stream's bytes; where npm stays silent for ever, a failure. */
    private static String recorded(Golden golden) {
        Conversation conversation = Conversation.of(golden);
        boolean daemonEnded =
                golden.segments().stream().anyMatch(segment -> segment.side() == Side.SERVER && segment.end());
        String reason = daemonEnded ? "the daemon closed the connection" : "closed by the client";
        Map<String, JsonElement> answers = new TreeMap<>();
        for (String line : conversation.lines(Side.SERVER, "1")) {
            JsonArray answer = JsonParser.parseString(line).getAsJsonArray();
            answers.putIfAbsent(answer.get(1).getAsString(), answer.get(0));
        }
        StringBuilder out = new StringBuilder();
        StringBuilder lost = new StringBuilder();
        for (String line : conversation.lines(Side.CLIENT, "1")) {
            String id = JsonParser.parseString(line).getAsJsonArray().get(2).getAsString();
            if (answers.containsKey(id)) {
                out.append(id + ": " + Shown.json(answers.get(id)) + "\n");
            } else if (!id.equals("-1")) {
                lost.append(id + " lost: " + reason + "\n");
            }
        }
        out.append(lost);
        for (String line : conversation.lines(Side.CLIENT, "0")) {
            String name = JsonParser.parseString(line)
                    .getAsJsonArray()
                    .get(1)
                    .getAsJsonArray()
                    .get(0)
                    .getAsString();
            String end = conversation.resetBy(Side.CLIENT, name)
                    ? "failed: the stream was cancelled: "
                    : conversation.ended(Side.SERVER, name) ? "end" : "failed: " + reason;
            out.append("stream " + name + ": " + Shown.bytes(conversation.data(Side.SERVER, name)) + " " + end + "\n");
        }
        return out.toString();
    }
}
